"""For people at the sign-in who cannot get a code, or have no device yet."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import half
from accounts.access import login_not_required
from accounts.forms import posted
from accounts.forms.challenge import ChallengeForm
from accounts.forms.sign_in import UserIdForm
from accounts.reasons import Reason
from accounts.services import challenge
from accounts.services import unable as service
from accounts.verdicts import Refusal
from audit.context import client_address

_USER_ID = "unable_user_id"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unable(request: HttpRequest) -> HttpResponse:
    """Whose code is missing? The sign-in that was begun is left."""
    half.drop(request.session)
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user_id = form.cleaned_data["user_id"]
        if challenge.is_enabled():
            request.session[_USER_ID] = user_id
            return redirect("accounts:unable_questions")
        if _is_sent(request, form, user_id, {}):
            return redirect("accounts:unable_sent")
    return render(request, "accounts/unable_user_id.html", {"form": form}, status=_status(form))


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The three questions; unknown User IDs have some, too."""
    user_id = request.session.get(_USER_ID, "")
    if not user_id or not challenge.is_enabled():
        return redirect("accounts:unable")
    form = ChallengeForm(posted(request), questions=challenge.questions_for(user_id))
    is_complete = request.method == "POST" and form.is_valid()
    if is_complete and _is_sent(request, form, user_id, form.answers()):
        request.session.pop(_USER_ID, None)
        return redirect("accounts:unable_sent")
    context = {"form": form, "typed_user_id": user_id}
    return render(request, "accounts/unable_questions.html", context, status=_status(form))


def _is_sent(request: HttpRequest, form: Form, user_id: str, answers: dict[str, str]) -> bool:
    try:
        service.send_code(user_id=user_id, answers=answers, address=client_address(request))
    except Refusal as refusal:
        form.add_error(None, ValidationError(refusal.label, code=refusal.reason))
        return False
    return True


def _status(form: Form) -> int:
    return 429 if form.has_error(NON_FIELD_ERRORS, Reason.TOO_MANY_FROM_ADDRESS) else 200


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/unable_sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_device(request: HttpRequest) -> HttpResponse:
    """Lead from the sign-in to a new device: a whole sign-in first, then the questions."""
    if request.method != "POST":
        return render(request, "accounts/unable_register_device.html")
    half.drop(request.session)
    wanted = urlencode({"next": reverse("accounts:mfa_register")})
    return redirect(f"{reverse('accounts:login')}?{wanted}")
