"""New passwords: typed twice, judged by the rules of the profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts.models import User


class NewPasswordForm(forms.Form):
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

    def full_clean(self) -> None:
        """Besides: a refused password is described by its error and by the rules."""
        super().full_clean()
        if "password" in self.errors:
            attrs = self.fields["password"].widget.attrs
            attrs["aria-describedby"] = "id_password_error password-rules"

    def clean_password(self) -> str:
        """All rules at once."""
        password: str = self.cleaned_data["password"]
        passwords.validate(password, passwords.context_of(self.user))
        return password

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("confirm_password")
        if password and again and password != again:
            self.add_error("confirm_password", _("The two passwords are not the same."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """Besides, the password in use."""

    current_password = forms.CharField(
        label=_("Current Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter the password you use now.")},
    )
    field_order = ("current_password", "password", "confirm_password")
