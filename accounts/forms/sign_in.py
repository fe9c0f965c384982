"""The two steps of signing in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class PasswordForm(forms.Form):
    """Second step: the password, taken as typed; how long it may be is the service's business."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def refuse(self, label: Any) -> None:
        """Show why the sign-in did not work, at the top of the form."""
        self.add_error(None, label)
