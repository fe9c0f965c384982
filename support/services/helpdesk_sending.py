"""Sends a code to a registered device of a caller, who reads it back to the agent."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import gateways
from accounts.models import MFADevice, User
from accounts.verdicts import Refusal
from audit import events
from support import emails_helpdesk as emails
from support.audit_tags import Tag
from support.models import CallerCode
from support.reasons import Reason
from support.services import caller_codes
from support.services import helpdesk_contacts as contacts


def can_receive(device: MFADevice) -> bool:
    """Tell whether a code can be sent to the device, in this installation."""
    if device.kind == MFADevice.Kind.EMAIL:
        return True
    return device.kind in MFADevice.SENT and gateways.are_available()


def send_code(*, agent: User, person_id: int, device_id: int) -> None:
    """Send a code that is good for this contact only, and for nothing else.

    Must not run within a transaction: text and voice leave after the commit. Raises
    User.DoesNotExist, and ``Refusal`` as ``policies.may_look``, NO_SUCH_DEVICE, CODE_NOT_NOW, or
    CODE_NOT_SENT when the gateway did not take it.
    """
    code, device = _write(agent, person_id, device_id)
    if device.kind != MFADevice.Kind.EMAIL:
        _hand_over(code, device)


@transaction.atomic(durable=True)
def _write(agent: User, person_id: int, device_id: int) -> tuple[CallerCode, MFADevice]:
    contact = contacts.under_contact(agent, person_id)
    device = MFADevice.objects.filter(user=contact.person, pk=device_id, confirmed=True).first()
    if device is None or not can_receive(device):
        raise Refusal(Reason.NO_SUCH_DEVICE)
    code = caller_codes.make_for(contact, strength=device.strength)
    events.record(
        Tag.CODE_SENT,
        actor=agent,
        target=contact.person,
        reason=contacts.words(contact, contact.reason),
        after={"kind": device.kind},
    )
    if device.kind == MFADevice.Kind.EMAIL:
        emails.caller_code(contact, code)
    return code, device


def _hand_over(code: CallerCode, device: MFADevice) -> None:
    gateway = gateways.get()
    words = _("Your help desk code is %(code)s. Read it only to the agent you called.")
    try:
        if device.kind == MFADevice.Kind.TEXT:
            gateway.send_text(device.phone, words % {"code": emails.code_marker(code)})
        else:
            marker = emails.spoken_code_marker(code)
            gateway.place_call(device.phone, device.extension, words % {"code": marker})
    except gateways.NotDeliveredError as error:
        caller_codes.void(code)
        raise Refusal(Reason.CODE_NOT_SENT) from error
