"""The two steps of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.second_factor import SecondFactorFields

_LONGEST_TYPED = 300


class UserIdForm(forms.Form):
    """First step: who are you? Any text will do, so that nothing is learned from the answer."""

    user_id = forms.CharField(
        label=_("User ID"),
        max_length=_LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter your User ID.")},
    )


class PasswordForm(SecondFactorFields):
    """Second step: the password, taken as typed, and a code for those who have a device.

    How long a password may be is the service's business. The code may also follow later.
    """

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    field_order = ("password", "device_type", "security_code")


class CodeForm(SecondFactorFields):
    """The code alone, once the password was accepted; a passkey has a page of its own."""

    has_passkey = False


class StepUpForm(PasswordForm):
    """Both again, in the middle of a session."""
