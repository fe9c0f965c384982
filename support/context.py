"""Tells the welcome page whether its visitor reads the audit log."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts import remembered
from support.policies import may_read_audit_log

# The link may be this late; the log itself asks for the permission each time.
READS_AUDIT_LOG = "reads_audit_log"
remembered.register(READS_AUDIT_LOG, seconds=60)


def audit_log_link(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``reads_audit_log``; asked for only by pages that show the link."""
    return {"reads_audit_log": lambda: _reads(request)}


def _reads(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    answer = remembered.recall(user, READS_AUDIT_LOG)
    if answer is None:
        answer = may_read_audit_log(user).allowed
        remembered.keep(user, READS_AUDIT_LOG, answer)
    return bool(answer)
