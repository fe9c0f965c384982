"""Unlocking an account oneself: the mailed link, then a code of a device."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.emails_recovery import UNLOCK_LINK
from accounts.forms import posted
from accounts.forms import second_factor as fields
from accounts.forms.second_factor import SecondFactorFields
from accounts.forms.sign_in import UserIdForm
from accounts.services import known_browsers, recovery_proof
from accounts.services import unlock as service
from accounts.verdicts import Refusal
from accounts.views import second_steps
from audit.context import client_address
from notifications import links

_LINK = "unlock_link"
# The lock has the exact end; mails may be delivered late.
_SIGNATURE_LASTS = settings.SIGN_IN_LOCK * 2


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Mail the link again to whoever's account is locked; the page says the same to everybody."""
    form = UserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user_id = form.cleaned_data["user_id"]
        cookie = request.COOKIES.get(known_browsers.cookie_name(user_id), "")
        try:
            service.ask(user_id=user_id, address=client_address(request), known_cookie=cookie)
        except Refusal as refusal:
            form.add_error(None, ValidationError(refusal.label, code=refusal.reason))
            return render(request, "accounts/unlock.html", {"form": form}, status=429)
        return redirect("accounts:unlock_sent")
    return render(request, "accounts/unlock.html", {"form": form})


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/unlock_sent.html")


@login_not_required
@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown."""
    try:
        user_pk, until = links.read(UNLOCK_LINK, token, _SIGNATURE_LASTS)
    except (links.BadLink, TypeError, ValueError):
        return _over(request)
    request.session[_LINK] = [int(user_pk), str(until)]
    return redirect("accounts:unlock_code")


@login_not_required
@sensitive_post_parameters("security_code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for a code of a device that is not the mailbox."""
    lock = _lock(request)
    if lock is None:
        return _over(request)
    own = recovery_proof.devices_of(lock.user)
    form = SecondFactorFields(
        posted(request), choices=fields.own_devices(own), chosen=fields.default_of(own)
    )
    is_complete = request.method == "POST" and form.is_valid() and form.asks_for_device
    if is_complete and not form.lacks_device():
        try:
            if form.wants_code_sent:
                return _send(request, lock, form)
            if not form.lacks_code():
                service.unlock(lock=lock, choice=form.choice(), code=form.typed_code)
                return _done(request)
        except Refusal as refusal:
            form.refuse(refusal.label)
    return render(request, "accounts/unlock_code.html", {"form": form})


def _lock(request: HttpRequest) -> service.Lock | None:
    user_pk, until = request.session.get(_LINK, (0, ""))
    cookie = request.COOKIES.get(service.cookie_name_for(user_pk), "") if user_pk else ""
    return service.find(user_pk=user_pk, until=until, known_cookie=cookie)


def _send(request: HttpRequest, lock: service.Lock, form: SecondFactorFields) -> HttpResponse:
    device = service.send_code(lock=lock, choice=form.choice())
    second_steps.say_sent(request, device)
    return redirect("accounts:unlock_code")


def _done(request: HttpRequest) -> HttpResponse:
    request.session.pop(_LINK, None)
    messages.success(request, _("Your account is unlocked. Log in with your password."))
    return redirect("accounts:login")


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/unlock_over.html", status=410)
