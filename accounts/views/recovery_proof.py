"""Forgot Password, second half: the link, the second proof, the new password."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import passwords
from accounts.access import login_not_required
from accounts.emails_recovery import RESET_LINK
from accounts.forms import posted
from accounts.forms import second_factor as fields
from accounts.forms.challenge import ChallengeForm
from accounts.forms.passwords import NewPasswordForm
from accounts.forms.second_factor import SecondFactorFields
from accounts.models import PasswordReset
from accounts.reasons import Reason
from accounts.services import challenge, passkeys, recovery_finish, recovery_proof
from accounts.services.recovery_proof import Proof
from accounts.verdicts import Refusal
from accounts.views import second_steps
from accounts.views.passkeys import keep_question, take_question
from audit.context import client_address
from notifications import links

LINK = "recovery_link"
TOKEN = "recovery_token"  # noqa: S105 - the name under which it is kept
# The row has the exact end; mails may be delivered late, so the signature may be older.
_SIGNATURE_LASTS = settings.RECOVERY_WAITED_LINK_LIFETIME * 2


@login_not_required
@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown."""
    try:
        reset_id, link_number = links.read(RESET_LINK, token, _SIGNATURE_LASTS)
    except (links.BadLink, TypeError, ValueError):
        return over(request)
    request.session.pop(TOKEN, None)
    request.session[LINK] = [int(reset_id), int(link_number)]
    return redirect("accounts:forgot_password_proof")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Ask for what this person can give besides the link; ``?without=passkey`` is the slow way."""
    reset_id, link_number = request.session.get(LINK, (0, 0))
    reset = recovery_proof.find(reset_id=reset_id, link_number=link_number)
    if reset is None:
        return over(request)
    without_passkey = request.GET.get("without") == "passkey"
    kind = recovery_proof.proof_for(reset, without_passkey=without_passkey)
    if kind == Proof.DEVICE:
        return _ask_for_device(request, reset)
    if kind == Proof.ANSWERS:
        return _ask_for_answers(request, reset)
    return _ask_for_nothing(request, reset, kind)


def _ask_for_device(request: HttpRequest, reset: PasswordReset) -> HttpResponse:
    own = recovery_proof.devices_of(reset.user)
    form = SecondFactorFields(
        posted(request), choices=fields.own_devices(own), chosen=fields.default_of(own)
    )
    state = take_question(request)
    if request.method == "POST" and form.is_valid():
        try:
            done = _judge_device(request, reset, form, state)
        except Refusal as refusal:
            if refusal.reason == Reason.RESET_OVER:
                return over(request)
            form.add_error(None, refusal.label)
        else:
            if done is not None:
                return done
    context: dict[str, Any] = {"form": form}
    if recovery_proof.has_passkey(reset.user):
        question = passkeys.ask_to_use(user=reset.user)
        context["passkey_options"] = keep_question(request, question)
    return render(request, "accounts/reset_device.html", context)


def _judge_device(
    request: HttpRequest, reset: PasswordReset, form: SecondFactorFields, state: dict[str, Any]
) -> HttpResponse | None:
    """Judge what was shown, or send a code; None when something is missing in the form."""
    answer = request.POST.get("passkey", "")
    if answer:
        token = recovery_proof.prove_by_passkey(reset=reset, state=state, answer=answer)
        return _go_on(request, reset, token)
    if not form.asks_for_device or form.lacks_device():
        return None
    if form.wants_code_sent:
        return _send(request, reset, form)
    if form.lacks_code():
        return None
    token = recovery_proof.prove_by_device(reset=reset, choice=form.choice(), code=form.typed_code)
    return _go_on(request, reset, token)


def _send(request: HttpRequest, reset: PasswordReset, form: SecondFactorFields) -> HttpResponse:
    device = recovery_proof.send_code(reset=reset, choice=form.choice())
    second_steps.say_sent(request, device)
    return redirect("accounts:forgot_password_proof")


def _ask_for_answers(request: HttpRequest, reset: PasswordReset) -> HttpResponse:
    form = ChallengeForm(posted(request), questions=challenge.questions_for(reset.user.user_id))
    context = {"form": form, "waits": recovery_proof.waits_after_answers(reset.user)}
    if request.method == "POST" and form.is_valid():
        try:
            token = recovery_proof.prove_by_answers(
                reset=reset, answers=form.answers(), address=client_address(request)
            )
        except Refusal as refusal:
            return _refused(request, "accounts/reset_answers.html", context, refusal)
        return _go_on(request, reset, token) if token else _waits(request)
    return render(request, "accounts/reset_answers.html", context)


def _ask_for_nothing(request: HttpRequest, reset: PasswordReset, kind: Proof) -> HttpResponse:
    """A day went by, or has to: a button, because a mail scanner opens links."""
    if request.method != "POST":
        return render(request, "accounts/reset_waited.html", {"waits": kind == Proof.WAIT})
    try:
        if kind == Proof.WAIT:
            recovery_proof.wait(reset=reset)
            return _waits(request)
        return _go_on(request, reset, recovery_proof.prove_by_waiting(reset=reset))
    except Refusal:
        return over(request)


def _go_on(request: HttpRequest, reset: PasswordReset, token: str) -> HttpResponse:
    request.session.cycle_key()
    request.session.pop(LINK, None)
    request.session[TOKEN] = [reset.pk, token]
    return redirect("accounts:reset_password")


def _waits(request: HttpRequest) -> HttpResponse:
    request.session.pop(LINK, None)
    return redirect("accounts:reset_waiting")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Twice the new password, in the browser that gave the second proof."""
    reset_id, token = request.session.get(TOKEN, (0, ""))
    reset = recovery_finish.find(reset_id=reset_id, token=token)
    if reset is None:
        return over(request)
    form = NewPasswordForm(posted(request), user=reset.user)
    if request.method == "POST" and form.is_valid():
        try:
            recovery_finish.complete(
                reset_id=reset_id, token=token, password=form.cleaned_data["password"]
            )
        except Refusal as refusal:
            if refusal.reason == Reason.RESET_OVER:
                return over(request)
            form.add_error("password", refusal.label)
        else:
            request.session.flush()
            return redirect("accounts:reset_done")
    context = {"form": form, "rules": passwords.rules(), "user_id": reset.user.user_id}
    return render(request, "accounts/reset_password.html", context)


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The password is set; nobody is signed in by it."""
    return render(request, "accounts/reset_done.html")


@login_not_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """A day goes by first."""
    return render(request, "accounts/reset_waiting.html")


def _refused(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal
) -> HttpResponse:
    if refusal.reason == Reason.RESET_OVER:
        return over(request)
    context["form"].add_error(None, refusal.label)
    status = 429 if refusal.reason == Reason.TOO_MANY_FROM_ADDRESS else 200
    return render(request, template, context, status=status)


def over(request: HttpRequest) -> HttpResponse:
    """The link is old, used, replaced or none of ours; the same page for all of it."""
    text = str(Reason.RESET_OVER.label)
    return render(request, "accounts/reset_over.html", {"text": text}, status=410)
