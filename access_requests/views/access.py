"""View and Manage My Access: roles held, open requests, history, and giving a role back."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access_requests import handover, holdings, presentation, rows
from access_requests.holdings import Ask, Holding
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.services import grants
from accounts.access import signed_in
from accounts.models import User
from accounts.verdicts import Refusal

HISTORY_LENGTH = 10  # shown at first; the whole history is one link away


@signed_in
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """Show what the visitor holds, waits for, and held or asked for before."""
    user = cast(User, request.user)
    held, ended = _grants_of(user)
    open_requests, drafts, closed = _requests_of(user)
    length = None if request.GET.get("history") == "all" else HISTORY_LENGTH
    context = {
        "held": [rows.held(grant, person=user) for grant in held],
        "ended": [rows.ended(grant) for grant in ended[:length]],
        "open_requests": [rows.open_request(one) for one in open_requests],
        "drafts": [rows.draft(one) for one in drafts],
        "closed": [rows.closed(one) for one in closed[:length]],
        "has_more_history": length is not None and max(len(ended), len(closed)) > length,
        "sidenav": presentation.sidenav("access"),
    }
    return render(request, "access_requests/access_my_access.html", context)


def _grants_of(user: User) -> tuple[list[Holding], list[Holding]]:
    found = holdings.grants_of(user.pk)
    return (
        [grant for grant in found if grant.ended_at is None],
        [grant for grant in found if grant.ended_at is not None],
    )


def _requests_of(user: User) -> tuple[list[Ask], list[Ask], list[Ask]]:
    found = holdings.requests_of(user.pk)
    return (
        [one for one in found if one.status in AccessRequest.OPEN],
        [one for one in found if one.status == Status.DRAFT],
        [one for one in found if one.closed_at is not None],
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
        removed = _("You gave back the role %(role)s in %(system)s.")
        names = {"role": grant.role.name, "system": grant.role.system.name}
        messages.success(request, removed % names)
        return redirect("access_requests:my_access")
    if grant.ended_at is not None:
        return redirect("access_requests:my_access")
    context = {
        "grant": grant,
        "succession": handover.succession_of(grant),
        "sidenav": presentation.sidenav("access"),
    }
    return render(request, "access_requests/access_remove_role.html", context)
