"""What people type about their second factors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.registration import CleanedCharField, PhoneField
from accounts.models.devices import NAME_MAX_LENGTH


class DeviceNameForm(forms.Form):
    """What a person calls a device, so that two phones can be told apart."""

    name = CleanedCharField(
        label=_("Device name"),
        max_length=NAME_MAX_LENGTH,
        help_text=_("So that you recognize it later, for example: my work phone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TextDeviceForm(forms.Form):
    """A phone that takes text messages."""

    phone = PhoneField(help_text=_("A mobile number, for example (202) 555-0143."))


class VoiceDeviceForm(forms.Form):
    """A telephone that is called, perhaps behind a switchboard."""

    phone = PhoneField(help_text=_("We call this number and a voice reads the code out."))
    extension = CleanedCharField(
        label=_("Extension"),
        max_length=10,
        required=False,
        help_text=_("Digits that are dialed when somebody has answered."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel-extension"}),
    )

    def clean_extension(self) -> str:
        """Digits only."""
        extension: str = self.cleaned_data["extension"]
        if extension and not (extension.isascii() and extension.isdigit()):
            raise forms.ValidationError(_("Enter digits only."), code="invalid")
        return extension


class ConfirmForm(DeviceNameForm):
    """The code that proves possession, and the name of the device."""

    code = forms.CharField(
        label=_("Security Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the code.")},
    )

    field_order = ("code", "name")

    def clean_code(self) -> str:
        """The digits, without the spaces that some apps show between them."""
        return "".join(str(self.cleaned_data["code"]).split())

    def refuse(self, label: Any) -> None:
        """Say at the field why the code was not taken."""
        self.add_error("code", label)


class PasskeyForm(DeviceNameForm):
    """The name of a passkey and what the browser said; the script fills the second."""

    passkey = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class PasskeyUseForm(forms.Form):
    """What the browser said when it was asked for a passkey."""

    passkey = forms.CharField(
        strip=False,
        widget=forms.HiddenInput,
        error_messages={"required": _("No passkey was used. Try again, or choose another way.")},
    )
