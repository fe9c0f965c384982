"""View and Manage My Access: roles held, open requests, history, and giving a role back."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access_requests import handover, holdings, presentation, routing
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.services import grants
from accounts.access import signed_in
from accounts.models import User
from accounts.verdicts import Refusal

HISTORY_LENGTH = 50


@signed_in
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """Show what the visitor holds, waits for, and held or asked for before."""
    user = cast(User, request.user)
    held, ended = _grants_of(user)
    open_requests, drafts, closed = _requests_of(user)
    context = {
        "held": held,
        "ended": ended[:HISTORY_LENGTH],
        "open_requests": open_requests,
        "drafts": drafts,
        "closed": closed[:HISTORY_LENGTH],
        "sidenav": presentation.sidenav("access"),
    }
    return render(request, "access_requests/access_my_access.html", context)


def _grants_of(user: User) -> tuple[list[Grant], list[Grant]]:
    found = holdings.grants_of(user.pk)
    return (
        [grant for grant in found if grant.ended_at is None],
        [grant for grant in found if grant.ended_at is not None],
    )


def _requests_of(
    user: User,
) -> tuple[list[AccessRequest], list[AccessRequest], list[AccessRequest]]:
    rows = holdings.requests_of(user.pk)
    for row in rows:
        row.kind = presentation.status_kind(row)
        row.waited = presentation.waited(row.waiting_since)
        row.who = routing.capacity(row)
    return (
        [row for row in rows if row.is_open],
        [row for row in rows if row.status == Status.DRAFT],
        [row for row in rows if row.closed_at is not None],
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def remove_role(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Say what giving the role back means, then do it."""
    user = cast(User, request.user)
    try:
        grant = Grant.objects.select_related("role__system", "organization").get(
            pk=grant_id, person=user
        )
    except Grant.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        try:
            grants.remove(grant_id=grant_id, holder=user)
        except Refusal:
            # Given back before, from another window: the wanted state is there.
            return redirect("access_requests:my_access")
        return redirect("access_requests:my_access")
    if grant.ended_at is not None:
        return redirect("access_requests:my_access")
    context = {
        "grant": grant,
        "succession": handover.succession_of(grant),
        "sidenav": presentation.sidenav("access"),
    }
    return render(request, "access_requests/access_remove_role.html", context)
