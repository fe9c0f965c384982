"""The fields for a second factor, on the sign-in page and wherever it is asked for again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MFADevice
from accounts.services.second_factor import ONE_TIME, Choice

_LONGEST_TYPED = 40
Choices = list[tuple[str, str]]
_Kind = MFADevice.Kind

# What may be chosen by somebody whose devices are not known yet; a passkey has its own button.
_TYPED_KINDS = (
    _Kind.APP_PHONE,
    _Kind.APP_COMPUTER,
    _Kind.TEXT,
    _Kind.VOICE,
    _Kind.EMAIL,
    _Kind.RECOVERY,
)


def any_device() -> Choices:
    """Every kind there is, the same for everybody."""
    return [
        *((kind.value, str(kind.label)) for kind in _TYPED_KINDS),
        (ONE_TIME, _("One-Time Security Code")),
    ]


def own_devices(devices: Sequence[MFADevice]) -> Choices:
    """The devices somebody has, by kind and name; the number it goes to only in part."""
    typed = [device for device in devices if device.kind in _TYPED_KINDS]
    kinds = [device.kind for device in typed]
    choices = []
    for device in typed:
        is_only_one = kinds.count(device.kind) == 1
        value = device.kind if is_only_one else f"{device.kind}:{device.pk}"
        choices.append((value, _label(device)))
    return choices


def default_of(devices: Sequence[MFADevice]) -> str:
    """The value of the device to be offered first, or nothing."""
    first = [device for device in devices if device.is_default]
    values = {value for value, _label in own_devices(devices)}
    offered = {value for device in first for value in (device.kind, f"{device.kind}:{device.pk}")}
    return next(iter(values & offered), "")


def one_time() -> Choices:
    """The code that a help desk gives or the profile's e-mail gets."""
    return [(ONE_TIME, _("One-Time Security Code"))]


def _label(device: MFADevice) -> str:
    kind = str(device.get_kind_display())
    details = [text for text in (device.name, device.masked_target) if text and text != kind]
    return f"{kind} ({', '.join(details)})" if details else kind


class _MayFollow:
    """Asked for like any other field, but the code may follow after the password."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)  # type: ignore[misc] # mixed into a field below


class _DeviceField(_MayFollow, forms.ChoiceField):
    def valid_value(self, value: Any) -> bool:
        """Take a bare kind too where several devices are of it: any of them will do."""
        kinds = {str(key).partition(":")[0] for key, _label in self.choices}  # type: ignore[misc,union-attr] # a plain list here
        return bool(super().valid_value(value) or (value and value in kinds))


class _CodeField(_MayFollow, forms.CharField):
    pass


class SecondFactorFields(forms.Form):
    """Device and code. Without choices the fields are not there.

    ``offers_sending`` says whether a code can be sent to any device in the list.
    """

    device_type = _DeviceField(
        label=gettext_lazy("MFA Device Type"),
        error_messages={"invalid_choice": gettext_lazy("Select one of the devices in the list.")},
    )
    security_code = _CodeField(
        label=gettext_lazy("Security Code"),
        max_length=_LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, choices: Choices, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers_sending = any(
            Choice.read(kind).kind in MFADevice.SENT for kind, _name in choices
        )
        if not choices:
            del self.fields["device_type"], self.fields["security_code"]
            return
        field = self.fields["device_type"]
        field.choices = [("", _("Select MFA Device Type")), *choices]  # type: ignore[attr-defined]
        field.initial = chosen if chosen in dict(choices) else ""

    @property
    def asks_for_device(self) -> bool:
        """Whether the fields of a device are shown."""
        return "device_type" in self.fields

    @property
    def wants_code_sent(self) -> bool:
        """Whether the button Send was pressed."""
        return self.asks_for_device and self.data.get("action") == "send"

    @property
    def typed_code(self) -> str:
        """The code as typed, or nothing."""
        return str(self.cleaned_data.get("security_code", ""))

    def choice(self) -> Choice:
        """The device that was chosen; its kind is empty when none was."""
        return Choice.read(self.cleaned_data.get("device_type", ""))

    @property
    def is_without_factor(self) -> bool:
        """Whether nothing of a second factor was typed, chosen or asked for."""
        return not (self.wants_code_sent or self.typed_code or self.choice().kind)

    def lacks_device(self) -> bool:
        """Say at the field that a device has to be chosen; whether it was missing."""
        if self.choice().kind:
            return False
        self.add_error("device_type", _("Select the device that gives you the code."))
        return True

    def lacks_code(self) -> bool:
        """Say at the field that the code is missing; whether it was."""
        if self.typed_code:
            return False
        self.add_error("security_code", _("Enter the security code."))
        return True

    def refuse(self, label: Any) -> None:
        """Show why it did not work, at the top of the form."""
        self.add_error(None, label)
