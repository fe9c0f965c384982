"""Tells the frame of every page how much waits for the visitor's decision."""

from collections.abc import Callable

from django.http import HttpRequest

from access_requests import routing, visitors

CAP = 99
_KEPT = "_pending_approvals"


def pending_approvals(request: HttpRequest) -> dict[str, Callable[[], int | str | None]]:
    """Offer ``pending_approvals_count``: a number, "99+", or None for people who decide nothing.

    Asked for only when the page shows it. Costs nothing for most people, and two statements for
    approvers, one when the page has read their powers already.
    """
    return {"pending_approvals_count": lambda: _count(request)}


def _count(request: HttpRequest) -> int | str | None:
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _counted(request))
    kept: int | str | None = getattr(request, _KEPT)
    return kept


def _counted(request: HttpRequest) -> int | str | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    powers = visitors.powers_of(user)
    if not powers:
        return None
    count = routing.count_queue(user, powers, most=CAP + 1)
    return count if count <= CAP else f"{CAP}+"
