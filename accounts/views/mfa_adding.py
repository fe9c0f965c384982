"""Adding a second factor: choose a kind, describe it, prove that it is in your hands."""

from typing import Any, cast
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import qr
from accounts.access import recent_sign_in, signed_in
from accounts.assurance import Strength
from accounts.data.mfa_kinds import STRONG_NOTE, WEAK_NOTE, WORDS
from accounts.forms import posted
from accounts.forms.mfa import ConfirmForm, TextDeviceForm, VoiceDeviceForm
from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import codes, devices, mfa_enrollment
from accounts.verdicts import Refusal
from accounts.views.mfa import device_or_404, kind_or_404, leave, renew, session_of

Kind = MFADevice.Kind

_FORMS: dict[str, type[forms.Form]] = {Kind.TEXT: TextDeviceForm, Kind.VOICE: VoiceDeviceForm}


@signed_in
@recent_sign_in()
@never_cache
@require_safe
def add(request: HttpRequest) -> HttpResponse:
    """Choose what to add."""
    kinds = mfa_enrollment.possible_kinds(cast(User, request.user))
    if not kinds:
        messages.info(request, _("You have as many devices as possible. Remove one first."))
        return redirect("accounts:mfa_devices")
    context = {"heading": _("Add Device"), "choices": [_choice(kind) for kind in kinds]}
    return render(request, "accounts/mfa_add.html", context)


@signed_in
@recent_sign_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, kind: str) -> HttpResponse:
    """Describe the device; what proves it comes on the next page."""
    user = cast(User, request.user)
    wanted = kind_or_404(user, kind)
    form = _FORMS.get(wanted, forms.Form)(posted(request), initial={"phone": user.phone})
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, user, wanted, form)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
    words = WORDS[wanted]
    context = {"form": form, "heading": words.heading, "explanation": words.explanation}
    return render(request, "accounts/mfa_set_up.html", context)


def _begin(request: HttpRequest, user: User, kind: Kind, form: forms.Form) -> HttpResponse:
    if kind == Kind.RECOVERY:
        shown = mfa_enrollment.add_recovery_codes(
            user=user, name=str(WORDS[kind].usual_name), session=session_of(request)
        )
        return _recovery_page(request, shown)
    device = devices.add(user=user, kind=kind, **form.cleaned_data)
    if device.is_sent_codes:
        try:
            codes.send(user=user, device=device)
        except Refusal as refusal:
            if refusal.reason != Reason.CODE_TOO_SOON:
                raise
            # The last one may have reached this very number; if not, the page sends one later.
            messages.warning(request, refusal.label)
    return redirect("accounts:mfa_confirm", device.pk)


@signed_in
@recent_sign_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, device_id: int) -> HttpResponse:
    """Prove that the device is in the person's hands; then it counts."""
    device = device_or_404(request, device_id, confirmed=False)
    form = ConfirmForm(initial={"name": WORDS[device.kind].usual_name})
    if request.POST.get("action") == "send":
        return _send_again(request, device)
    if request.method == "POST":
        form = ConfirmForm(request.POST)
        if form.is_valid() and _is_confirmed(request, device, form):
            return leave(request)
    return _confirm_page(request, device, form)


def _is_confirmed(request: HttpRequest, device: MFADevice, form: ConfirmForm) -> bool:
    try:
        devices.confirm(
            user=device.user,
            device_id=device.pk,
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            session=session_of(request),
        )
    except Refusal as refusal:
        form.refuse(refusal.label)
        return False
    renew(request)
    messages.success(request, _("The device is added. From now on you are asked for it."))
    return True


def _send_again(request: HttpRequest, device: MFADevice) -> HttpResponse:
    if not device.is_sent_codes:
        raise Http404
    try:
        codes.send(user=device.user, device=device)
    except Refusal as refusal:
        messages.warning(request, refusal.label)
    else:
        messages.success(request, _("A new code is on its way. The one before is worth nothing."))
    return redirect("accounts:mfa_confirm", device.pk)


def _confirm_page(request: HttpRequest, device: MFADevice, form: ConfirmForm) -> HttpResponse:
    context: dict[str, Any] = {
        "device": device,
        "form": form,
        "heading": WORDS[device.kind].heading,
        "target": device.masked_target,
        "code_is_sent": device.is_sent_codes and codes.is_under_way(device),
    }
    if device.is_app:
        uri = mfa_enrollment.provisioning_uri(device)
        context["qr_code"] = qr.svg(uri, title=_("QR code for your authenticator app"))
        context["secret"] = mfa_enrollment.typed_secret(device)
    return render(request, "accounts/mfa_confirm.html", context)


def _recovery_page(request: HttpRequest, shown: list[str]) -> HttpResponse:
    """Show new recovery codes in the answer itself: they are kept nowhere in readable form."""
    download = "\r\n".join([str(_("Recovery codes, CMS Enterprise Portal")), "", *shown, ""])
    context = {
        "heading": WORDS[Kind.RECOVERY].heading,
        "codes": shown,
        "download": quote(download),
    }
    return render(request, "accounts/mfa_recovery.html", context)


def _choice(kind: Kind) -> dict[str, Any]:
    words = WORDS[kind]
    is_strong = Strength.of_kind(kind) == Strength.STRONG
    return {
        "label": words.label,
        "text": words.text,
        "note": STRONG_NOTE if is_strong else WEAK_NOTE,
        "action": words.heading,
        "href": reverse("accounts:mfa_set_up", args=[kind.value]),
    }
