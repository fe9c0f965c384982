"""Tells pages whether their visitor reads the audit log or works at a help desk."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts import remembered
from support.policies import may_read_audit_log, serves_people

# A link may be this late; the pages themselves ask for the right each time.
READS_AUDIT_LOG = "reads_audit_log"
remembered.register(READS_AUDIT_LOG, seconds=60)

# The menu of every page follows what the welcome page last found out, and asks no database.
SERVES_PEOPLE = "serves_people"
SERVES_PEOPLE_NOW = "serves_people_now"
remembered.register(SERVES_PEOPLE, seconds=12 * 3600)
remembered.register(SERVES_PEOPLE_NOW, seconds=60)


def audit_log_link(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``reads_audit_log``; asked for only by pages that show the link."""
    return {"reads_audit_log": lambda: _reads(request)}


def help_desk_links(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``works_at_help_desk`` to the welcome page and ``serves_people`` to every menu."""
    return {
        "works_at_help_desk": lambda: _serves_now(request),
        "serves_people": lambda: _serves(request),
    }


def _reads(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    answer = remembered.recall(user, READS_AUDIT_LOG)
    if answer is None:
        answer = may_read_audit_log(user).allowed
        remembered.keep(user, READS_AUDIT_LOG, answer)
    return bool(answer)


def _serves_now(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    answer = remembered.recall(user, SERVES_PEOPLE_NOW)
    if answer is None:
        answer = serves_people(user).allowed
        remembered.keep(user, SERVES_PEOPLE_NOW, answer)
        remembered.keep(user, SERVES_PEOPLE, answer)
    return bool(answer)


def _serves(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return bool(remembered.recall(user, SERVES_PEOPLE))
