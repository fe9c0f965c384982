"""Tells the frame of every page how much waits for the person's decision."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest

from access_requests import routing
from access_requests.routing import Powers
from accounts.models import User

CAP = 99
# How long somebody who may decide nothing is not asked about again. A new approver role ends
# it at once; only an assignment made by hand can take this long to show in the menu.
NO_POWERS_SECONDS = 60


def pending_approvals(request: HttpRequest) -> dict[str, Callable[[], int | str | None]]:
    """Offer ``pending_approvals_count``: a number, "99+", or None for people who decide nothing.

    Asked for only when the page shows it. Costs nothing for most people, and two statements for
    approvers, one when the page has read their powers already.
    """
    return {"pending_approvals_count": lambda: _count(request)}


def _count(request: HttpRequest) -> int | str | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return None
    if not hasattr(request, "pending_approvals"):
        request.pending_approvals = _counted(request)  # type: ignore[attr-defined]
    return request.pending_approvals  # type: ignore[attr-defined, no-any-return]


def _counted(request: HttpRequest) -> int | str | None:
    powers = powers_of_visitor(request)
    if not powers:
        return None
    waiting = routing.queue_of(request.user, powers).order_by()  # type: ignore[arg-type]
    count = waiting.values("pk")[: CAP + 1].count()
    return count if count <= CAP else f"{CAP}+"


def powers_of_visitor(request: HttpRequest) -> Powers:
    """Read the visitor's powers once for the page; people without any are remembered a while."""
    if not hasattr(request, "decision_powers"):
        request.decision_powers = _remembered(request.user)  # type: ignore[attr-defined, arg-type]
    return request.decision_powers  # type: ignore[attr-defined, no-any-return]


def _remembered(user: User) -> Powers:
    key = _key(user.pk)
    if cache.get(key):
        return Powers(user.pk)
    powers = routing.powers_of(user)
    if not powers:
        cache.set(key, 1, NO_POWERS_SECONDS)
    return powers


def forget(person_id: int) -> None:
    """Look at the person's powers afresh; called after a role was given."""
    cache.delete(_key(person_id))


def _key(person_id: int) -> str:
    return f"access_requests:decides_nothing:{person_id}"
