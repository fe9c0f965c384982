"""The mails about second factors: every change is told, so that nobody makes one unseen."""

from typing import Any

from django.utils.timezone import localtime

import clock
from accounts.models import AccountEvent, MFADevice
from accounts.services import disavowal
from notifications.outbox import Mail, enqueue


def device_added(device: MFADevice) -> None:
    """A device was proven and can be used from now on."""
    _tell(device, "mfa_device_added", AccountEvent.DEVICE_ADDED)


def device_renamed(device: MFADevice, *, before: str) -> None:
    """A device has another name than ``before``."""
    _tell(device, "mfa_device_renamed", AccountEvent.DEVICE_CHANGED, before=before)


def default_changed(device: MFADevice) -> None:
    """Another device is offered first."""
    _tell(device, "mfa_default_changed", AccountEvent.DEVICE_CHANGED)


def device_removed(
    device: MFADevice,
    *,
    by_owner: bool,
    by_operator: bool = False,
    reason: str = "",
    is_last: bool = False,
) -> None:
    """A device is gone; says when somebody else did it and why, and when it was the last one.

    ``by_operator`` is for those who run the server; else it was a help desk.
    """
    context = {
        "by_owner": by_owner,
        "by_operator": by_operator,
        "reason": reason,
        "is_last": is_last,
    }
    _tell(device, "mfa_device_removed", AccountEvent.DEVICE_REMOVED, **context)


def _tell(device: MFADevice, name: str, event: AccountEvent, **context: Any) -> None:
    user = device.user
    context |= {
        "user_id": user.user_id,
        "device_name": device.name,
        "device_kind": device.get_kind_display(),
        "at": localtime(clock.now()),
        "not_me": disavowal.link(user, event),
    }
    enqueue([Mail(name, user.email, context, recipient=user)])
