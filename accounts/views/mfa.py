"""Manage MFA Devices: the list, and what is done to one device of it."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import assurance, visit
from accounts.access import recent_sign_in, signed_in
from accounts.assurance import Strength
from accounts.forms import posted
from accounts.forms.mfa import DeviceNameForm
from accounts.models import MFADevice, PortalSession, User
from accounts.redirects import safe_next
from accounts.services import codes, device_changes, mfa_enrollment
from accounts.services import devices as service
from accounts.verdicts import Refusal

Kind = MFADevice.Kind

_AFTERWARDS = "mfa_afterwards"


@signed_in
@recent_sign_in()
@never_cache
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List what this person logs in with."""
    user = cast(User, request.user)
    held = service.confirmed_for(user)
    has_strong = any(device.strength == Strength.STRONG for device in held)
    context = {
        "devices": [_row(device) for device in held],
        "may_add": len(held) < settings.MFA_DEVICE_LIMIT,
        "limit": settings.MFA_DEVICE_LIMIT,
        "suggest_second": len(held) == 1,
        "needs_strong": not has_strong and assurance.needs_strong_factor(user),
    }
    return render(request, "accounts/mfa_devices.html", context)


@signed_in
@recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, device_id: int) -> HttpResponse:
    """Give a device another name."""
    device = device_or_404(request, device_id)
    form = DeviceNameForm(posted(request), initial={"name": device.name})
    if request.method == "POST" and form.is_valid():
        device_changes.rename(user=device.user, device_id=device.pk, name=form.cleaned_data["name"])
        messages.success(request, _("The device has its new name."))
        return redirect("accounts:mfa_devices")
    context = {"form": form, "heading": _("Rename Device")}
    return render(request, "accounts/mfa_rename.html", context)


@signed_in
@recent_sign_in(back="accounts:mfa_devices")
@require_POST
def make_default(request: HttpRequest, device_id: int) -> HttpResponse:
    """Offer a device first."""
    device = device_or_404(request, device_id)
    device_changes.make_default(user=device.user, device_id=device.pk)
    messages.success(request, _("The device is offered first from now on."))
    return redirect("accounts:mfa_devices")


@signed_in
@recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, device_id: int) -> HttpResponse:
    """Ask once more, then remove a device."""
    device = device_or_404(request, device_id)
    refusal = ""
    if request.method == "POST":
        try:
            device_changes.remove(
                user=device.user,
                device_id=device.pk,
                actor=device.user,
                session=session_of(request),
            )
        except Refusal as refused:
            refusal = refused.label
        else:
            renew(request)
            messages.success(request, _("The device is removed."))
            return redirect("accounts:mfa_devices")
    context = {
        "device": device,
        "heading": _("Remove Device"),
        "is_last": not any(
            service.counts(other)
            for other in service.confirmed_for(device.user)
            if other.pk != device.pk
        ),
        "refusal": refusal,
    }
    return render(request, "accounts/mfa_remove.html", context)


def device_or_404(request: HttpRequest, device_id: int, *, confirmed: bool = True) -> MFADevice:
    """The person's own device; foreign and absent ones are the same."""
    user = cast(User, request.user)
    device = MFADevice.objects.filter(user=user, pk=device_id, confirmed=confirmed).first()
    if device is None:
        raise Http404
    device.user = user
    return device


def kind_or_404(user: User, name: str) -> Kind:
    """The kind an address names, if this person can add one of it now."""
    kind = next((kind for kind in mfa_enrollment.possible_kinds(user) if kind == name), None)
    if kind is None:
        raise Http404
    return kind


def keep_afterwards(request: HttpRequest, path: str) -> None:
    """Remember where to go on once a device is added."""
    request.session[_AFTERWARDS] = path


def leave(request: HttpRequest) -> HttpResponse:
    """Go on where somebody was before adding a device, else to the list.

    The list suggests a second device by itself; where people go on elsewhere, a message does.
    """
    wanted = request.session.pop(_AFTERWARDS, "")
    if wanted:
        _suggest_second(request)
    return redirect(safe_next(wanted, "accounts:mfa_devices"))


def _suggest_second(request: HttpRequest) -> None:
    if len(service.confirmed_for(cast(User, request.user))) != 1:
        return
    words = _("Add a second device soon: with one only, a lost or broken phone locks you out.")
    link = format_html(
        '<a class="usa-link" href="{}">{}</a>', reverse("accounts:mfa_add"), _("Add Device")
    )
    messages.info(request, format_html("{} {}", words, link))


def session_of(request: HttpRequest) -> PortalSession:
    """The session in which a device is changed: it goes on, all others end."""
    return visit.of(request)


def renew(request: HttpRequest) -> None:
    """Give the session a new key, because what it may do has changed."""
    request.session.cycle_key()


def _row(device: MFADevice) -> dict[str, Any]:
    is_strong = device.strength == Strength.STRONG
    note = ""
    if device.kind == Kind.RECOVERY:
        left = codes.recovery_codes_left(device)
        note = ngettext("%(left)d code left", "%(left)d codes left", left) % {"left": left}
    return {
        "pk": device.pk,
        "note": note,
        "name": device.name,
        "kind": device.get_kind_display(),
        "target": device.masked_target,
        "is_default": device.is_default,
        "may_be_default": not device.is_default and service.counts(device),
        "strength": _("Strong") if is_strong else _("Weak"),
        "strength_kind": "good" if is_strong else "waiting",
        "added": date_format(localtime(device.created_at), "SHORT_DATE_FORMAT"),
        "last_used": date_format(localtime(device.last_used_at), "SHORT_DATETIME_FORMAT")
        if device.last_used_at
        else _("Never"),
    }
