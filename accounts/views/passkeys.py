"""Passkeys: adding one, and signing in with one."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import half, steps
from accounts.access import login_not_required, recent_sign_in, signed_in
from accounts.data.mfa_kinds import WORDS
from accounts.forms import posted
from accounts.forms.mfa import PasskeyForm, PasskeyUseForm
from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import mfa_enrollment, passkeys
from accounts.services import passkey_sign_in as service
from accounts.services.sign_in import SignedIn
from accounts.verdicts import Refusal
from accounts.views import sign_in as pages
from accounts.views.mfa import kind_or_404, leave, renew, session_of

_QUESTION = "passkey_question"


@signed_in
@recent_sign_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register a passkey or security key, by one press of a button and one of a finger."""
    user = cast(User, request.user)
    words = WORDS[kind_or_404(user, MFADevice.Kind.PASSKEY)]
    state = take_question(request)
    form = PasskeyForm(posted(request), initial={"name": words.usual_name})
    if request.method == "POST" and form.is_valid():
        try:
            mfa_enrollment.add_passkey(
                user=user,
                name=form.cleaned_data["name"],
                state=state,
                answer=form.cleaned_data["passkey"],
                session=session_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            renew(request)
            messages.success(request, _("The passkey is added. From now on you are asked for it."))
            return leave(request)
    context = {
        "form": form,
        "heading": words.heading,
        "options": keep_question(request, passkeys.ask_to_register(user=user)),
    }
    return render(request, "accounts/passkey_add.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey: after the password, or with nothing else."""
    accepted_at = steps.terms_accepted_at(request.session)
    if not settings.PASSKEYS_ENABLED:
        raise Http404
    if accepted_at is None:
        return pages.to_terms(request)
    person = half.user_of(request.session)
    form = PasskeyUseForm(posted(request))
    state, status = take_question(request), 200
    if request.method == "POST" and form.is_valid():
        try:
            signed_in = _judge(request, person, state, form.cleaned_data["passkey"], accepted_at)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
            status = 429 if refusal.reason == Reason.TOO_MANY_FROM_ADDRESS else 200
        else:
            return pages.welcome(request, signed_in)
    context = {
        "form": form,
        "is_second_factor": person is not None,
        "options": keep_question(request, passkeys.ask_to_use(user=person)),
    }
    return render(request, "accounts/passkey_sign_in.html", context, status=status)


def _judge(
    request: HttpRequest,
    person: User | None,
    state: dict[str, Any],
    answer: str,
    accepted_at: datetime,
) -> SignedIn:
    owner = person or passkeys.owner_of(answer)
    browser = pages.browser_of(request, owner.user_id if owner else "", accepted_at)
    if person is not None:
        return service.second_step(user=person, state=state, answer=answer, browser=browser)
    return service.alone(state=state, answer=answer, browser=browser)


def keep_question(request: HttpRequest, question: passkeys.Question) -> str:
    """Keep what an answer will be judged by, and return what the browser gets."""
    request.session[_QUESTION] = question.state
    return question.options


def take_question(request: HttpRequest) -> dict[str, Any]:
    """Take it out of the session before anything is judged, so that it serves once."""
    state: dict[str, Any] = request.session.pop(_QUESTION, {}) if request.method == "POST" else {}
    return state
