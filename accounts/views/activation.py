"""The page behind the link in the mail: it turns a registration into an account."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.emails import ACTIVATION
from accounts.forms import posted
from accounts.forms.activation import ActivationForm
from accounts.models import Registration
from accounts.reasons import Reason
from accounts.services import activation as service
from accounts.services import registration as registrations
from accounts.verdicts import Refusal
from accounts.views.registration import BROWSER, STATE
from notifications import links

LINK = "activation"
# The field of the page that asks again after a refusal.
ASKED_AGAIN: dict[str, str] = {
    Reason.USER_ID_TAKEN: "user_id",
    Reason.ACTIVATION_REFUSED: "password",
}
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
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Open the account: at once in the browser that registered, elsewhere with its password."""
    number, link = request.session.get(LINK, (0, 0))
    registration = registrations.find(registration_id=number, link_number=link)
    if registration is None:
        over = registrations.why_over(registration_id=number, link_number=link)
        return _over(request, over)
    if registration.status == Registration.Status.ACTIVATED:
        return redirect("accounts:activated")
    form = ActivationForm(
        posted(request),
        asks_user_id=registrations.is_user_id_taken(registration),
        asks_password=not registrations.is_same_browser(registration, _browser_token(request)),
    )
    if request.method == "POST" and form.is_valid():
        return _activate(request, registration, form)
    if request.method == "GET" and not form.fields:
        return _activate(request, registration, form)
    return _page(request, registration, form)


def _activate(
    request: HttpRequest, registration: Registration, form: ActivationForm
) -> HttpResponse:
    try:
        service.activate(
            registration_id=registration.pk,
            link_number=registration.link_number,
            browser_token=_browser_token(request),
            **form.given(),
        )
    except Refusal as refusal:
        if refusal.reason not in ASKED_AGAIN:
            return _over(request, refusal.reason)
        if ASKED_AGAIN[refusal.reason] not in form.fields:
            # Somebody took it between the question and here: the page asks for it now.
            return redirect("accounts:activation")
        form.add_error(ASKED_AGAIN[refusal.reason], refusal.label)
        return _page(request, registration, form)
    request.session.pop(STATE, None)
    request.session.pop(BROWSER, None)
    return redirect("accounts:activated")


@login_not_required
@require_safe
def activated(request: HttpRequest) -> HttpResponse:
    """Say that the account is open and lead to the sign-in."""
    return render(request, "accounts/activation_done.html")


def _browser_token(request: HttpRequest) -> str:
    token: str = request.session.get(BROWSER, "")
    return token


def _page(request: HttpRequest, registration: Registration, form: ActivationForm) -> HttpResponse:
    context = {"registration": registration, "form": form}
    return render(request, "accounts/activation.html", context)


def _over(request: HttpRequest, reason: str = Reason.LINK_OVER) -> HttpResponse:
    context = {"text": Reason(reason).label}
    return render(request, "accounts/activation_over.html", context, status=410)
