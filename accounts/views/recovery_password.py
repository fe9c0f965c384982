"""Forgot Password, first half: User ID, challenge questions, and the mail."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.forms import posted
from accounts.forms.challenge import ChallengeForm
from accounts.forms.sign_in import UserIdForm
from accounts.reasons import Reason
from accounts.services import challenge, recovery_start
from accounts.verdicts import Refusal
from audit.context import client_address

_USER_ID = "recovery_user_id"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Whose password? Whatever was typed, the questions follow."""
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user_id = form.cleaned_data["user_id"]
        if challenge.is_enabled():
            request.session[_USER_ID] = user_id
            return redirect("accounts:forgot_password_questions")
        if _is_taken(request, form, user_id, {}):
            return redirect("accounts:forgot_password_sent")
    return render(request, "accounts/forgot_password.html", {"form": form}, status=_status(form))


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The three questions; unknown User IDs have some, too."""
    user_id = request.session.get(_USER_ID, "")
    if not user_id or not challenge.is_enabled():
        return redirect("accounts:forgot_password")
    form = ChallengeForm(posted(request), questions=challenge.questions_for(user_id))
    is_complete = request.method == "POST" and form.is_valid()
    if is_complete and _is_taken(request, form, user_id, form.answers()):
        request.session.pop(_USER_ID, None)
        return redirect("accounts:forgot_password_sent")
    context = {"form": form, "typed_user_id": user_id}
    return render(request, "accounts/forgot_questions.html", context, status=_status(form))


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/forgot_password_sent.html")


def _is_taken(request: HttpRequest, form: Form, user_id: str, answers: dict[str, str]) -> bool:
    try:
        recovery_start.start(user_id=user_id, answers=answers, address=client_address(request))
    except Refusal as refusal:
        form.add_error(None, ValidationError(refusal.label, code=refusal.reason))
        return False
    return True


def _status(form: Form) -> int:
    return 429 if form.has_error(NON_FIELD_ERRORS, Reason.TOO_MANY_FROM_ADDRESS) else 200
