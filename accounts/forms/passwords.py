"""New passwords: typed twice, judged by the rules of the profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts.forms.password_pair import PasswordPair
from accounts.models import User


class NewPasswordForm(PasswordPair):
    """A new password of somebody with an account."""

    password = forms.CharField(
        label=_("New Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "aria-describedby": "password-rules"}
        ),
        error_messages={"required": _("Enter a new password.")},
    )
    confirm_password = forms.CharField(
        label=_("Confirm New Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the new password a second time.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` is the owner, whose names and User ID must not be in the password."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Check all rules at once."""
        password: str = self.cleaned_data["password"]
        self.judge(password, passwords.context_of(self.user))
        return password


class ChangePasswordForm(NewPasswordForm):
    """Besides, the password in use."""

    current_password = forms.CharField(
        label=_("Current Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password you use now.")},
    )
    field_order = ("current_password", "password", "confirm_password")
