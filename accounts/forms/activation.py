"""The form behind the link in the mail: what the account still needs before it opens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.credentials import UserIdChoiceForm


class ActivationForm(UserIdChoiceForm):
    """Another User ID where it is taken, and the password in a browser that did not register."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("The one you chose when you registered."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password you chose when you registered.")},
    )

    def __init__(self, *args: Any, asks_user_id: bool, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_user_id:
            del self.fields["user_id"]
        if not asks_password:
            del self.fields["password"]

    def given(self) -> dict[str, str]:
        """What was asked for and typed; nothing when nothing was asked."""
        return self.cleaned_data if self.is_bound else {}
