"""What two fields for a new password share, wherever somebody chooses one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class PasswordPair(forms.Form):
    """A form with ``password`` and ``confirm_password``; the rules stand below them on the page."""

    def full_clean(self) -> None:
        """Besides: a refused password is described by its error and by the rules."""
        super().full_clean()
        if "password" in self.errors:
            attrs = self.fields["password"].widget.attrs
            attrs["aria-describedby"] = "id_password_error password-rules"

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("confirm_password")
        if password and again and password != again:
            self.add_error("confirm_password", _("The two passwords are not the same."))
        return cleaned
