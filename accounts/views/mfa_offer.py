"""Ways to a first device: the offer during a request, and the link at the sign-in."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import recent_sign_in, signed_in
from accounts.forms import posted
from accounts.forms.challenge import ChallengeForm
from accounts.models import User
from accounts.redirects import safe_next, wanted_path
from accounts.services import challenge
from accounts.services import mfa_offer as service
from accounts.verdicts import Refusal
from accounts.views.mfa import keep_afterwards
from audit.context import client_address


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Add MFA, Skip MFA or Cancel, asked once; then the request goes on where it was."""
    user = cast(User, request.user)
    wanted = safe_next(request, settings.LOGIN_REDIRECT_URL)
    choice = request.POST.get("answer", "")
    if not service.due(user):
        return redirect(wanted)
    if request.method == "POST" and choice == "cancel":
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST" and choice in {service.ADD, service.SKIP}:
        service.answer(user_id=user.pk, choice=choice)
        if choice == service.SKIP:
            return redirect(wanted)
        keep_afterwards(request, wanted)
        return redirect("accounts:mfa_add")
    return render(request, "accounts/mfa_offer.html", {"next": wanted_path(request)})


@signed_in
@recent_sign_in()
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """After "Register MFA Device" and a whole sign-in: the questions, then the new device."""
    user = cast(User, request.user)
    if not challenge.is_enabled():
        return redirect("accounts:mfa_add")
    form = ChallengeForm(posted(request), questions=challenge.questions_for(user.user_id))
    if request.method == "POST" and form.is_valid():
        try:
            challenge.check(
                user_id=user.user_id,
                answers=form.answers(),
                address=client_address(request),
                signed_in=True,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            return redirect("accounts:mfa_add")
    context = {"form": form, "heading": _("Register MFA Device")}
    return render(request, "accounts/mfa_questions.html", context)
