"""What the sign-in page and the step-up page share: the fields of a second factor, and Send."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

import clock
from accounts import half, steps
from accounts.forms import posted
from accounts.forms import second_factor as fields
from accounts.forms.second_factor import SecondFactorFields
from accounts.forms.sign_in import CodeForm, PasswordForm
from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import codes, devices
from accounts.services.second_factor import ONE_TIME
from accounts.verdicts import Refusal
from notifications import mailbox, panels


def form_for(request: HttpRequest, person: User | None) -> SecondFactorFields:
    """The form of the second step: the password first, or the code alone once it was right."""
    if person is not None:
        return code_form(request, person)
    choices = fields.any_device() if steps.asks_for_device(request.session) else []
    return PasswordForm(posted(request), choices=choices)


def code_form(request: HttpRequest, person: User) -> SecondFactorFields:
    """Ask somebody whose password was right for a code of one of their devices."""
    own = devices.confirmed_for(person)
    choices = [*fields.own_devices(own), *fields.one_time()]
    chosen = half.choice_of(request.session) or fields.default_of(own)
    form = CodeForm(posted(request), choices=choices, chosen=chosen)
    form.has_passkey = any(device.kind == MFADevice.Kind.PASSKEY for device in own)
    return form


def send(request: HttpRequest, form: SecondFactorFields, person: User) -> bool:
    """Send a code to the device that was chosen and say so; False with the error in the form."""
    if form.lacks_device():
        return False
    try:
        device = _device(person, form)
        codes.send(user=person, device=device)
    except Refusal as refusal:
        form.refuse(refusal.label)
        return False
    say_sent(request, device)
    return True


def say_sent(request: HttpRequest, device: MFADevice) -> None:
    """Tell where a code went, as far as the page may say it."""
    messages.success(
        request,
        _("A security code is on its way to %(where)s. It is good for 10 minutes.")
        % {"where": device.masked_target},
    )


def _device(person: User, form: SecondFactorFields) -> MFADevice:
    choice = form.choice()
    own = devices.confirmed_for(person)
    for device in own:
        if device.kind == choice.kind and choice.device_id in {None, device.pk}:
            return device
    is_one_time = choice.kind == ONE_TIME
    raise Refusal(Reason.CODE_NOT_NEEDED if is_one_time else Reason.NO_SUCH_DEVICE)


def shown_in_training(person: User | None) -> dict[str, Any] | None:
    """What the person's own app, telephone and mail would show, where nothing is sent out.

    A browser whose sign-in is half done opens no other page, so the mailbox page is shut to it.
    """
    if person is None:
        return None
    numbers = [device.phone for device in devices.confirmed_for(person)]
    since = clock.now() - settings.SECURITY_CODE_LIFETIME
    return {
        "panels": panels.shown(person.user_id),
        "messages": mailbox.newest_of(person.email, *numbers, since=since),
    }
