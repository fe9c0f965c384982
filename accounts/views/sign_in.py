"""Signing in, in two steps, and logging out."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import passwords, steps
from accounts.access import login_not_required
from accounts.assurance import AAL, SESSION_AAL
from accounts.forms import posted
from accounts.forms.sign_in import PasswordForm, UserIdForm
from accounts.reasons import Reason
from accounts.redirects import safe_next
from accounts.services import known_browsers, sessions, sign_in
from accounts.verdicts import Refusal
from audit.context import client_address

_BACKEND = "accounts.backends.PortalBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """First step: the User ID. Whatever was typed, the second step follows."""
    steps.keep_next(request)
    if steps.terms_accepted_at(request.session) is None:
        return _to_terms(request)
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        steps.keep_user_id(request.session, form.cleaned_data["user_id"])
        return redirect("accounts:password")
    return render(request, "accounts/sign_in_user_id.html", {"form": form})


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Second step: the password."""
    accepted_at = steps.terms_accepted_at(request.session)
    if accepted_at is None:
        return _to_terms(request)
    user_id = steps.user_id_of(request.session)
    if not user_id:
        return redirect("accounts:login")
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _judge(request, form, user_id, accepted_at)
    return _password_page(request, form, user_id)


def _judge(
    request: HttpRequest, form: PasswordForm, user_id: str, accepted_at: datetime
) -> HttpResponse:
    typed = form.cleaned_data["password"]
    try:
        signed_in = sign_in.sign_in(
            user_id=user_id, password=typed, browser=_browser(request, user_id, accepted_at)
        )
    except Refusal as refusal:
        form.refuse(refusal.label)
        status = 429 if refusal.reason == Reason.TOO_MANY_FROM_ADDRESS else 200
        status = status if passwords.is_storable(typed) else 400
        return _password_page(request, form, user_id, status=status)
    target = safe_next(steps.next_of(request.session), settings.LOGIN_REDIRECT_URL)
    establish(request, signed_in)
    response = redirect(target)
    _remember_browser(response, signed_in.known_browser)
    return response


def _browser(request: HttpRequest, user_id: str, accepted_at: datetime) -> sign_in.Browser:
    return sign_in.Browser(
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
        known_cookie=request.COOKIES.get(known_browsers.cookie_name(user_id), ""),
        replaced_token=request.session.get(sessions.SESSION_TOKEN, ""),
        terms_accepted_at=accepted_at,
    )


def establish(request: HttpRequest, signed_in: sign_in.SignedIn) -> None:
    """Turn the visitor's session into the person's: new key, nothing of before, new CSRF secret."""
    request.session.cycle_key()
    request.session.clear()
    request.session[SESSION_KEY] = str(signed_in.user.pk)
    request.session[BACKEND_SESSION_KEY] = _BACKEND
    request.session[HASH_SESSION_KEY] = signed_in.user.get_session_auth_hash()
    request.session[sessions.SESSION_TOKEN] = signed_in.token
    request.session[SESSION_AAL] = int(AAL.PASSWORD)
    rotate_token(request)


def _remember_browser(response: HttpResponse, known: known_browsers.KnownBrowser) -> None:
    response.set_cookie(
        known.cookie_name,
        known.value,
        max_age=known_browsers.MAX_AGE,
        path="/login/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _password_page(
    request: HttpRequest, form: PasswordForm, user_id: str, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "typed_user_id": user_id}
    return render(request, "accounts/sign_in_password.html", context, status=status)


def _to_terms(request: HttpRequest) -> HttpResponse:
    wanted = steps.next_of(request.session)
    query = "?" + urlencode({"next": wanted}) if wanted else ""
    response: HttpResponse = redirect("accounts:terms")
    response["Location"] += query
    return response


@login_not_required
@never_cache
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session here and in the registry, and let the browser forget what it kept."""
    if request.user.is_authenticated:
        sessions.sign_out(session=request.portal_session)  # type: ignore[attr-defined]
    request.session.flush()
    messages.success(request, _("You are logged out."))
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
