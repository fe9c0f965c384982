"""The challenge questions in front of changes of the profile, and the page that changes them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import challenge_marks, policies, visit
from accounts.access import recent_sign_in, signed_in
from accounts.forms import posted
from accounts.forms.challenge import ChallengeForm
from accounts.forms.profile import ChangeQuestionsForm
from accounts.models import User
from accounts.reasons import Reason
from accounts.redirects import safe_next
from accounts.services import challenge, question_choice
from accounts.verdicts import Refusal
from audit.context import client_address

PURPOSE = "profile"

View = Callable[..., HttpResponseBase]


def questions_answered(view: View) -> View:
    """Besides its marker: asks the challenge questions unless they were answered a moment ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _are_answered(request):
            return _to_questions(request.path)
        return view(request, *args, **kwargs)

    return guarded


def _are_answered(request: HttpRequest) -> bool:
    user = cast(User, request.user)
    return not challenge.is_enabled() or challenge_marks.holds(request.session, user, PURPOSE)


def _may_replace_unknown(request: HttpRequest) -> bool:
    return policies.may_replace_unknown_answers(visit.of(request)).allowed


def _to_questions(wanted: str) -> HttpResponse:
    response = redirect("accounts:answer_questions")
    response["Location"] += "?" + urlencode({"next": wanted})
    return response


@signed_in
@sensitive_post_parameters("answer_1", "answer_2", "answer_3")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in(minutes=5)
def answer_questions(request: HttpRequest) -> HttpResponse:
    """Ask the three questions and go on to the page that wanted them."""
    user = cast(User, request.user)
    wanted = safe_next(request, "accounts:change_profile")
    if not question_choice.has_answers(user):
        challenge_marks.keep(request.session, user, PURPOSE)
        messages.info(request, _("Please choose your challenge questions first."))
        return redirect("accounts:change_questions")
    form = ChallengeForm(posted(request), questions=challenge.questions_for(user.user_id))
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, user, form)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
            status = 429 if refusal.reason == Reason.TOO_MANY_FROM_ADDRESS else 200
            return _questions_page(request, form, wanted, status)
        return redirect(wanted)
    return _questions_page(request, form, wanted)


def _check(request: HttpRequest, user: User, form: ChallengeForm) -> None:
    challenge.check(
        user_id=user.user_id,
        answers=form.answers(),
        address=client_address(request),
        signed_in=True,
    )
    challenge_marks.keep(request.session, user, PURPOSE)


def _questions_page(
    request: HttpRequest, form: ChallengeForm, wanted: str, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "action": f"{request.path}?{urlencode({'next': wanted})}",
        "may_replace_unknown": _may_replace_unknown(request),
    }
    return render(request, "accounts/profile_answer_questions.html", context, status=status)


@signed_in
@sensitive_post_parameters("answer_1", "answer_2", "answer_3")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in(minutes=5)
def change_questions(request: HttpRequest) -> HttpResponse:
    """Choose three questions and answers anew; a device of old stands in for answers forgotten."""
    if not _are_answered(request) and not _may_replace_unknown(request):
        return _to_questions(request.path)
    user = cast(User, request.user)
    form = ChangeQuestionsForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        question_choice.replace(user_id=user.pk, answers=form.challenge_answers())
        challenge_marks.drop(request.session, PURPOSE)
        messages.success(request, _("Your challenge questions are changed."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile_change_questions.html", {"form": form})
