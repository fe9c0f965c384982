"""The page behind the link in the mail: it turns a registration into an account."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.emails import ACTIVATION
from accounts.forms import posted
from accounts.forms.credentials import UserIdChoiceForm
from accounts.models import Registration
from accounts.reasons import Reason
from accounts.services import activation as service
from accounts.services import registration as registrations
from accounts.verdicts import Refusal
from accounts.views.registration import BROWSER, STATE
from notifications import links

LINK = "activation"
# The row has the exact end; mails may be delivered late, so the signature may be older.
_SIGNATURE_LASTS = settings.REGISTRATION_LINK_LIFETIME + timedelta(hours=1)


@login_not_required
@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown."""
    try:
        registration_id, link_number = links.read(ACTIVATION, token, _SIGNATURE_LASTS)
    except (links.BadLink, TypeError, ValueError):
        return _over(request)
    request.session[LINK] = [registration_id, link_number]
    return redirect("accounts:activation")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Open the account: at once in the browser that registered, elsewhere on a button."""
    registration = _registration(request)
    if registration is None:
        return _over(request)
    if registration.status == Registration.Status.ACTIVATED:
        return redirect("accounts:activated")
    is_taken = registrations.is_user_id_taken(registration)
    form = UserIdChoiceForm(posted(request)) if is_taken else None
    is_theirs = registrations.is_same_browser(registration, request.session.get(BROWSER, ""))
    wanted = request.method == "POST" or (is_theirs and request.method == "GET")
    if wanted and (form is None or form.is_valid()):
        return _activate(request, registration, form)
    return _page(request, registration, form)


def _activate(
    request: HttpRequest, registration: Registration, form: UserIdChoiceForm | None
) -> HttpResponse:
    user_id = form.cleaned_data["user_id"] if form else None
    try:
        service.activate(
            registration_id=registration.pk, link_number=registration.link_number, user_id=user_id
        )
    except Refusal as refusal:
        if refusal.reason != Reason.USER_ID_TAKEN:
            return _over(request, refusal.label)
        if form is None:
            return _page(request, registration, UserIdChoiceForm())
        form.add_error("user_id", refusal.label)
        return _page(request, registration, form)
    request.session.pop(STATE, None)
    request.session.pop(BROWSER, None)
    return redirect("accounts:activated")


@login_not_required
@require_safe
def activated(request: HttpRequest) -> HttpResponse:
    """Say that the account is open and lead to the sign-in."""
    return render(request, "accounts/activation_done.html")


def _registration(request: HttpRequest) -> Registration | None:
    if LINK not in request.session:
        return None
    registration_id, link_number = request.session[LINK]
    return registrations.find(registration_id=registration_id, link_number=link_number)


def _page(
    request: HttpRequest, registration: Registration, form: UserIdChoiceForm | None
) -> HttpResponse:
    context = {"registration": registration, "form": form}
    return render(request, "accounts/activation.html", context)


def _over(request: HttpRequest, text: str = "") -> HttpResponse:
    text = text or str(Reason.LINK_OVER.label)
    return render(request, "accounts/activation_over.html", {"text": text}, status=410)
