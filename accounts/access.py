"""The access markers: every view carries exactly one that says who may open it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required as _django_login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url

import clock
from accounts.verdicts import Verdict

View = Callable[..., HttpResponseBase]
Policy = Callable[[Any], Verdict]

PUBLIC = "public"
SIGNED_IN = "signed_in"


def _mark(view: Any, access: str) -> Any:
    if hasattr(view, "access"):
        raise TypeError(f"{view.__module__}.{view.__name__} carries two access markers")
    view.access = access
    return view


def login_not_required(view: Any) -> Any:
    """Open to everybody; such a page stands in the written list of public pages."""
    return _mark(_django_login_not_required(view), PUBLIC)


def signed_in(view: View) -> View:
    """Open to everybody who is signed in; the middleware asks, this only says so."""
    marked: View = _mark(view, SIGNED_IN)
    return marked


def allowed_by(policy: Policy) -> Callable[[View], View]:
    """Open to those for whom ``policy(user)`` is allowed; for others the page does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not policy(request.user).allowed:
                raise Http404
            return view(request, *args, **kwargs)

        marked: View = _mark(guarded, f"allowed_by:{policy.__name__}")
        return marked

    return decorate


def recent_sign_in(minutes: int = 5) -> Callable[[View], View]:
    """Besides its marker: asks for the password again when the sign-in is older than this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Asking who is signed in is what loads the session row.
            known = request.user.is_authenticated
            session = getattr(request, "portal_session", None) if known else None
            if session is None or clock.now() - session.created_at > timedelta(minutes=minutes):
                back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
                return redirect_to_login(back, resolve_url(settings.LOGIN_URL))
            return view(request, *args, **kwargs)

        return guarded

    return decorate
