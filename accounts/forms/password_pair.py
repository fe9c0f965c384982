"""What two fields for a new password share, wherever somebody chooses one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import passwords


class PasswordPair(forms.Form):
    """A form with ``password`` and ``confirm_password``; the rules stand below them on the page."""

    broken_rules: frozenset[str] = frozenset()

    def judge(self, password: str, context: passwords.Context) -> None:
        """Refuse it in one line, however many rules it breaks: the list below marks them.

        Raises ``ValidationError``.
        """
        try:
            passwords.validate(password, context)
        except ValidationError as error:
            self.broken_rules = frozenset(str(one.code) for one in error.error_list)
            if len(self.broken_rules) == 1:
                raise
            message = _(
                "Your password does not meet %(count)d of the rules. They are marked below."
            )
            raise ValidationError(
                message, code="rules", params={"count": len(self.broken_rules)}
            ) from error

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
