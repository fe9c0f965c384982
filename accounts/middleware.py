"""Says who is signed in, once a request, and ends what has been open too long."""

from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import half, visit
from accounts.assurance import SESSION_AAL, Strength, ial_of
from accounts.context import session_limits
from accounts.models import PortalSession, User
from accounts.services import sessions
from audit import context


class SignedInMiddleware(AuthenticationMiddleware):
    """Sets ``request.user`` lazily from one query on the session registry.

    ``accounts.visit`` has the registry row once the user was looked at. A session that is
    over is emptied by the next page, which leads to the sign-in and from there back.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Prepares the lazy user; nothing is read before somebody asks."""
        request.user = SimpleLazyObject(partial(current_user, request))  # type: ignore[assignment]
        request.auser = partial(sync_to_async(current_user), request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Keeps what a signed-in person saw out of every cache."""
        if visit.known(request) is not None:
            patch_cache_control(response, no_store=True, private=True)
        return response


def current_user(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in, asked once a request."""
    if not hasattr(request, "portal_user"):
        request.portal_user = _resume(request)  # type: ignore[attr-defined]
        # From here on without the lazy stand-in: a page asks the person a hundred things.
        request.user = request.portal_user  # type: ignore[attr-defined]
    return request.portal_user  # type: ignore[attr-defined,no-any-return]


def _resume(request: HttpRequest) -> User | AnonymousUser:
    visit.note(request, None)
    token = request.session.get(sessions.SESSION_TOKEN)
    user_pk = request.session.get(SESSION_KEY)
    if not token or not user_pk:
        return AnonymousUser()
    is_human = _is_human(request)
    resumed = sessions.resume(token=token, user_pk=user_pk, human=is_human)
    if resumed.session is None:
        # The answer to a script may get lost, so the next page clears away and says why. The key
        # stays until the next sign-in changes it: with several windows at once, one that found it
        # gone would take the cookie away, and with it the words that another window is to show.
        if is_human:
            request.session.clear()
            _explain(request, resumed.over)
        return AnonymousUser()
    user = resumed.session.user
    user.backend = str(request.session.get(BACKEND_SESSION_KEY, ""))
    visit.note(request, resumed.session)
    user.session_left = resumed.left
    user.session_strength = Strength(resumed.session.strength)
    if request.session.get(SESSION_AAL) != resumed.session.aal:
        request.session[SESSION_AAL] = resumed.session.aal
    context.set_assurance(f"IAL{ial_of(user):d}/AAL{resumed.session.aal:d}")
    return user


def _is_human(request: HttpRequest) -> bool:
    """Scripts that poll say so; their requests do not count as activity."""
    return request.headers.get("X-Portal-Poll") is None


def _explain(request: HttpRequest, over: PortalSession.End | None) -> None:
    limits = session_limits()
    notice: Any = {
        PortalSession.End.IDLE: _(
            "You were logged out because there was no activity for %(idle_minutes)s minutes. "
            "Please log in again."
        )
        % limits,
        PortalSession.End.ABSOLUTE: _(
            "You were logged out because your session was open for %(session_hours)s hours. "
            "Please log in again."
        )
        % limits,
        PortalSession.End.TOO_MANY: _(
            "You were logged out here because you logged in on other devices. Please log in again."
        ),
    }.get(over or PortalSession.End.SIGNED_OUT, _("You were logged out. Please log in again."))
    request.end_explained = True  # type: ignore[attr-defined] # read when a form is refused
    messages.info(request, notice, fail_silently=True)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in; somebody who sent a form is told what became of it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Explain a form that comes after the log out in another window, once."""
        is_told = getattr(request, "end_explained", False)
        if request.method == "POST" and _is_human(request) and not is_told:
            notice = _(
                "You are not logged in any more, perhaps because you logged out in another window. "
                "What you just sent was not saved; drafts saved before are kept. "
                "Please log in again."
            )
            messages.info(request, notice, fail_silently=True)
        return super().handle_no_permission(request, view_func)


class HalfSessionMiddleware:
    """Keeps a visitor whose password alone was right at the second step, whatever is asked for.

    The other beginnings of a sign-in end the half session and start anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on what belongs to the second step, and lead everything else back to it."""
        if not half.is_there(request.session) or _name_of(request.path_info) in half.OPEN_NAMES:
            return self.get_response(request)
        if request.path_info.startswith(half.FAMILY):
            half.drop(request.session)
            return redirect(request.get_full_path())
        return redirect("accounts:password")


def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
