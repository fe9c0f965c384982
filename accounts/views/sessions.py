"""The browsers in which a person is signed in now, and how to end them."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import networks, user_agents, visit
from accounts.access import recent_sign_in, signed_in
from accounts.forms.sessions import OTHERS, EndSessionForm
from accounts.models import PortalSession, User
from accounts.services import open_sessions, session_ending
from accounts.verdicts import Refusal


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponseBase:
    """List them, this one first; ending one asks for a fresh sign-in."""
    return _end(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    current = visit.of(request)
    rows = [
        _row(session, is_current=session.pk == current.pk)
        for session in open_sessions.of(cast(User, request.user))
    ]
    rows.sort(key=lambda row: not row["is_current"])
    return render(
        request, "accounts/sessions.html", {"rows": rows, "knows_places": networks.knows_places()}
    )


@recent_sign_in(minutes=5)
def _end(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    current = visit.of(request)
    form = EndSessionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["end"] == str(current.pk):
        raise Http404
    if form.cleaned_data["end"] == OTHERS:
        _say_how_many(request, session_ending.end_others(user=user, keep=current))
    else:
        _end_one(request, user, int(form.cleaned_data["end"]))
    return redirect("accounts:sessions")


def _end_one(request: HttpRequest, user: User, session_id: int) -> None:
    try:
        session_ending.end_one(user=user, session_id=session_id)
    except PortalSession.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        messages.info(request, refusal.label)
    else:
        _say_how_many(request, 1)


def _say_how_many(request: HttpRequest, count: int) -> None:
    if count == 0:
        messages.info(request, _("There was no other session to end."))
        return
    text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count)
    messages.success(request, text % {"count": count})


def _row(session: PortalSession, *, is_current: bool) -> dict[str, Any]:
    return {
        "pk": session.pk,
        "is_current": is_current,
        "browser": user_agents.describe(session.user_agent),
        "network": networks.describe(session.address),
        "signed_in": session.created_at,
        "last_used": session.last_activity_at,
        "strength": session.get_strength_display(),
    }
