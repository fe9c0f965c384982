"""Tells pages whether their visitor reads the audit log or works at a help desk."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts import remembered
from accounts.models import User
from accounts.verdicts import Verdict
from support.policies import may_read_audit_log, serves_people

# The welcome page finds out and may be this late; the pages themselves ask for the right each time.
READS_AUDIT_LOG_NOW = "reads_audit_log_now"
SERVES_PEOPLE_NOW = "serves_people_now"
remembered.register(READS_AUDIT_LOG_NOW, seconds=60)
remembered.register(SERVES_PEOPLE_NOW, seconds=60)

# The menu of every page follows what the welcome page last found out, and asks no database.
READS_AUDIT_LOG = "reads_audit_log"
SERVES_PEOPLE = "serves_people"
remembered.register(READS_AUDIT_LOG, seconds=12 * 3600)
remembered.register(SERVES_PEOPLE, seconds=12 * 3600)


def audit_log_link(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``reads_audit_log`` to the welcome page and ``reads_log`` to every menu."""
    return {
        "reads_audit_log": lambda: _of_visitor(request, _reads_now),
        "reads_log": lambda: _of_visitor(request, _reads),
    }


def help_desk_links(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Offer ``works_at_help_desk`` to the welcome page and ``serves_people`` to every menu."""
    return {
        "works_at_help_desk": lambda: _of_visitor(request, _serves_now),
        "serves_people": lambda: _of_visitor(request, _serves),
    }


def _of_visitor(request: HttpRequest, fact: Callable[[User], bool]) -> bool:
    """Say what is true of the visitor; nothing is of somebody who is not signed in."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and fact(user)


def _reads_now(user: User) -> bool:
    return remembered.ask(
        user, READS_AUDIT_LOG_NOW, lambda one: _find_out(one, READS_AUDIT_LOG, may_read_audit_log)
    )


def _serves_now(user: User) -> bool:
    return remembered.ask(
        user, SERVES_PEOPLE_NOW, lambda one: _find_out(one, SERVES_PEOPLE, serves_people)
    )


def _find_out(user: User, name: str, policy: Callable[[User], Verdict]) -> bool:
    answer = policy(user).allowed
    remembered.keep(user, name, answer)
    return answer


def _reads(user: User) -> bool:
    return bool(remembered.recall(user, READS_AUDIT_LOG))


def _serves(user: User) -> bool:
    return bool(remembered.recall(user, SERVES_PEOPLE))
