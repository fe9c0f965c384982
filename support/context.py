"""Tells the welcome page whether its visitor reads the audit log."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest

from support.policies import may_read_audit_log

# The link may be this late; the log itself asks for the permission each time.
REMEMBERED_SECONDS = 60


def audit_log_link(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``reads_audit_log``; asked for only by pages that show the link."""
    return {"reads_audit_log": lambda: _reads(request)}


def _reads(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    key = f"support:reads_audit_log:{user.pk}"
    answer = cache.get(key)
    if answer is None:
        answer = may_read_audit_log(user).allowed
        cache.set(key, answer, REMEMBERED_SECONDS)
    return bool(answer)
