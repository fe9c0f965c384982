"""Signing in again in the middle of a session, before something grave."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import assurance, visit
from accounts.access import signed_in
from accounts.assurance import SESSION_AAL
from accounts.forms import posted
from accounts.forms import second_factor as fields
from accounts.forms.sign_in import StepUpForm
from accounts.models import MFADevice, User
from accounts.redirects import safe_next, wanted_path
from accounts.services import passkeys
from accounts.services import step_up as service
from accounts.verdicts import Refusal
from accounts.views import second_steps
from accounts.views.passkeys import keep_question, take_question


@signed_in
@sensitive_post_parameters("password", "security_code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and a code or passkey of those who have a device; then back."""
    user = cast(User, request.user)
    own = service.devices_for(user) if user.has_mfa else []
    strong_only = assurance.must_be_strong(user)
    form = _form(request, user, own, strong_only=strong_only)
    state = take_question(request)
    if request.method == "POST" and form.is_valid():
        if form.wants_code_sent:
            second_steps.send(request, form, user)
        elif _is_proven(request, form, user, state):
            return redirect(safe_next(request, settings.LOGIN_REDIRECT_URL))
    context = {
        "form": form,
        "next": wanted_path(request),
        "strong_only": strong_only,
        "cancel_href": safe_next(None, settings.LOGIN_REDIRECT_URL),
    }
    if any(device.kind == MFADevice.Kind.PASSKEY for device in own):
        context["passkey_options"] = keep_question(request, passkeys.ask_to_use(user=user))
    return render(request, "accounts/step_up.html", context)


def _form(
    request: HttpRequest, user: User, own: list[MFADevice], *, strong_only: bool
) -> StepUpForm:
    choices = fields.own_devices(own)
    if user.has_mfa and not strong_only:
        choices += fields.one_time()
    form = StepUpForm(posted(request), choices=choices, chosen=fields.default_of(own))
    # A code can be sent before the password is typed, which would have to be typed again.
    form.fields["password"].required = not form.wants_code_sent
    return form


def _is_proven(request: HttpRequest, form: StepUpForm, user: User, state: dict[str, Any]) -> bool:
    """Judge both factors; False with the reason in the form."""
    answer = request.POST.get("passkey", "")
    if not answer and form.asks_for_device and (form.lacks_device() or form.lacks_code()):
        return False
    shown: dict[str, Any] = {
        "user": user,
        "session": visit.of(request),
        "password": form.cleaned_data["password"],
    }
    try:
        if answer:
            factor = service.step_up_with_passkey(**shown, state=state, answer=answer)
        else:
            factor = service.step_up(**shown, choice=form.choice(), code=form.typed_code)
    except Refusal as refusal:
        form.refuse(refusal.label)
        return False
    renew(request, int(factor.strength.aal))
    return True


def renew(request: HttpRequest, aal: int) -> None:
    """Give the session a new key and a new CSRF secret after its factors were shown again."""
    request.session.cycle_key()
    request.session[SESSION_AAL] = aal
    rotate_token(request)
