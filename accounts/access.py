"""The access markers: every view carries exactly one that says who may open it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required as _django_login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

import clock
from accounts import assurance, visit
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


def recent_sign_in(minutes: int | None = None, back: str = "") -> Callable[[View], View]:
    """Besides its marker: asks for password and second factor again when that is too long ago.

    It asks just as much when that was a moment ago with a weak factor, but a strong one must be
    shown. ``minutes`` is STEP_UP_MINUTES unless given. From a form that was posted the way back
    leads to the form's own page; ``back`` names that page where the address takes posts only.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_recent(request, minutes or settings.STEP_UP_MINUTES):
                return to_step_up(request, back=back)
            if _is_too_weak(request):
                _say_what_is_needed(request)
                return to_step_up(request, back=back)
            return view(request, *args, **kwargs)

        guarded.asks_again = True  # type: ignore[attr-defined] # read by the test that walks them
        return guarded

    return decorate


def is_recent(request: HttpRequest, minutes: int) -> bool:
    """Whether the visitor showed all factors at most so many minutes ago."""
    # Asking who is signed in is what loads the session row.
    session = visit.known(request) if request.user.is_authenticated else None
    return session is not None and clock.now() - session.verified_at <= timedelta(minutes=minutes)


def _is_too_weak(request: HttpRequest) -> bool:
    """Whether a strong factor is demanded of the visitor, and held, but was not shown."""
    user: Any = request.user
    return not assurance.is_strong(user) and assurance.must_be_strong(user)


def to_step_up(request: HttpRequest, *, back: str = "") -> HttpResponseBase:
    """Lead to the page that asks again, and from there back."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    wanted = resolve_url(back) if back else request.get_full_path()
    return redirect_to_login(wanted, resolve_url("accounts:step_up"))


def strong_sign_in(view: View) -> View:
    """Besides its marker: leads those who signed in without a strong second factor to using one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not assurance.is_strong(request.user):
            return to_strong_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def to_strong_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Say that this page needs a strong factor, and lead to showing one or to registering one."""
    _say_what_is_needed(request)
    if getattr(request.user, "has_strong_factor", False):
        return to_step_up(request)
    return redirect("accounts:mfa_devices")


def _say_what_is_needed(request: HttpRequest) -> None:
    needed = _("This page needs an authenticator app, passkey or security key.")
    messages.warning(request, needed, fail_silently=True)
