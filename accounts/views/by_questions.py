"""The way that begins with a User ID and challenge questions, for people who cannot sign in."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms import posted
from accounts.forms.challenge import ChallengeForm
from accounts.forms.sign_in import UserIdForm
from accounts.reasons import Reason
from accounts.services import challenge
from accounts.verdicts import Refusal
from audit.context import client_address


@dataclass(frozen=True)
class Way:
    """Where such a way begins, asks and ends, and what is done for right answers.

    ``act`` takes ``user_id``, ``answers`` and ``address``; all answers it is given look the same
    from outside, and it raises ``Refusal`` for what the page has to say.
    """

    name: str
    first: str
    questions: str
    sent: str
    first_template: str
    questions_template: str
    act: Callable[..., object]


def ask_user_id(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask whose account it is; whatever was typed, the questions follow, or the end without any."""
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user_id = form.cleaned_data["user_id"]
        if challenge.is_enabled():
            request.session[way.name] = user_id
            return redirect(way.questions)
        if _is_taken(request, way, form, user_id, {}):
            return redirect(way.sent)
    return render(request, way.first_template, {"form": form}, status=_status(form))


def ask_questions(request: HttpRequest, way: Way) -> HttpResponse:
    """Ask the three questions; unknown User IDs have some, too."""
    user_id = request.session.get(way.name, "")
    if not user_id or not challenge.is_enabled():
        return redirect(way.first)
    form = ChallengeForm(posted(request), questions=challenge.questions_for(user_id))
    is_complete = request.method == "POST" and form.is_valid()
    if is_complete and _is_taken(request, way, form, user_id, form.answers()):
        request.session.pop(way.name, None)
        return redirect(way.sent)
    context = {"form": form, "typed_user_id": user_id}
    return render(request, way.questions_template, context, status=_status(form))


def _is_taken(
    request: HttpRequest, way: Way, form: Form, user_id: str, answers: dict[str, str]
) -> bool:
    try:
        way.act(user_id=user_id, answers=answers, address=client_address(request))
    except Refusal as refusal:
        form.add_error(None, ValidationError(refusal.label, code=refusal.reason))
        return False
    return True


def _status(form: Form) -> int:
    return 429 if form.has_error(NON_FIELD_ERRORS, Reason.TOO_MANY_FROM_ADDRESS) else 200
