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

from accounts import half, passwords, steps, visit
from accounts.access import login_not_required
from accounts.assurance import SESSION_AAL
from accounts.forms import posted
from accounts.forms.second_factor import SecondFactorFields
from accounts.forms.sign_in import CodeForm, UserIdForm
from accounts.models import User
from accounts.reasons import Reason
from accounts.redirects import safe_next
from accounts.services import known_browsers, sessions, sign_in
from accounts.verdicts import Refusal
from accounts.views import second_steps
from audit.context import client_address

_BACKEND = "accounts.backends.PortalBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """First step: the User ID. Whatever was typed, the second step follows."""
    steps.keep_next(request)
    if steps.terms_accepted_at(request.session) is None:
        return to_terms(request)
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user_id = form.cleaned_data["user_id"]
        asks = sign_in.asks_for_device(user_id)
        steps.keep_user_id(request.session, user_id, asks_for_device=asks)
        return redirect("accounts:password")
    context = {"form": form, "passkeys_enabled": settings.PASSKEYS_ENABLED}
    return render(request, "accounts/sign_in_user_id.html", context)


@login_not_required
@sensitive_post_parameters("password", "security_code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Second step: the password, and the second factor of those who have one."""
    accepted_at = steps.terms_accepted_at(request.session)
    if accepted_at is None:
        return to_terms(request)
    user_id = steps.user_id_of(request.session)
    if not user_id:
        return redirect("accounts:login")
    if request.method == "POST" and request.POST.get("action") == "cancel":
        half.drop(request.session)
        steps.forget_sign_in(request.session)
        return redirect("portal:home")
    person = half.user_of(request.session)
    if person is None:
        half.drop(request.session)
    form = second_steps.form_for(request, person)
    if request.method == "POST" and form.is_valid():
        return _judge(request, form, user_id, person, accepted_at)
    return _password_page(request, form, user_id)


def _judge(
    request: HttpRequest,
    form: SecondFactorFields,
    user_id: str,
    person: User | None,
    accepted_at: datetime,
) -> HttpResponse:
    """Judge what was typed, the password first; what is right is not asked again."""
    browser = browser_of(request, user_id, accepted_at)
    if person is None:
        typed = form.cleaned_data["password"]
        try:
            outcome = sign_in.sign_in(user_id=user_id, password=typed, browser=browser)
        except Refusal as refusal:
            form.refuse(refusal.label)
            status = 429 if refusal.reason == Reason.TOO_MANY_FROM_ADDRESS else 200
            status = status if passwords.is_storable(typed) else 400
            return _password_page(request, form, user_id, status=status)
        if isinstance(outcome, sign_in.SignedIn):
            return welcome(request, outcome)
        person = outcome.user
        half.begin(request, person)
        if form.is_without_factor:
            return redirect("accounts:password")
        form = second_steps.code_form(request, person)
        if not form.is_valid():
            return _password_page(request, form, user_id)
    return _second_factor(request, form, user_id, person, browser)


def _second_factor(
    request: HttpRequest,
    form: SecondFactorFields,
    user_id: str,
    person: User,
    browser: sign_in.Browser,
) -> HttpResponse:
    """Send a code, judge one, or ask for it: the password was right."""
    half.keep_choice(request.session, str(form.cleaned_data.get("device_type", "")))
    if form.wants_code_sent:
        if second_steps.send(request, form, person):
            return redirect("accounts:password")
    elif form.is_without_factor:
        return redirect("accounts:password")
    elif not (form.lacks_device() or form.lacks_code()):
        try:
            signed_in = sign_in.second_step(
                user=person, choice=form.choice(), code=form.typed_code, browser=browser
            )
        except Refusal as refusal:
            form.refuse(refusal.label)
        else:
            return welcome(request, signed_in)
    return _password_page(request, form, user_id)


def welcome(request: HttpRequest, signed_in: sign_in.SignedIn) -> HttpResponse:
    """Turn the visitor's session into the person's, and go on to the page that was wanted."""
    target = safe_next(steps.next_of(request.session), settings.LOGIN_REDIRECT_URL)
    establish(request, signed_in)
    response = redirect(target)
    _remember_browser(response, signed_in.known_browser)
    return response


def browser_of(request: HttpRequest, user_id: str, accepted_at: datetime) -> sign_in.Browser:
    """What the services have to know of the browser that asks."""
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
    request.session[SESSION_AAL] = int(signed_in.aal)
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
    request: HttpRequest, form: SecondFactorFields, user_id: str, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "typed_user_id": user_id,
        "is_half": half.is_there(request.session),
        "has_passkey": isinstance(form, CodeForm) and form.has_passkey,
    }
    if settings.MAILBOX_ENABLED:
        context["training"] = second_steps.shown_in_training(half.user_of(request.session))
    return render(request, "accounts/sign_in_password.html", context, status=status)


def to_terms(request: HttpRequest) -> HttpResponse:
    """Lead to the terms, which come before every sign-in, keeping the page that was wanted."""
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
    half.drop(request.session)
    if request.user.is_authenticated:
        sessions.sign_out(session=visit.of(request))
    request.session.flush()
    messages.success(request, _("You are logged out."))
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
