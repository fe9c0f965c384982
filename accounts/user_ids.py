"""The rules for a User ID."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import text

MINIMUM_LENGTH = 6
MAXIMUM_LENGTH = 74
_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*", re.ASCII)
_NINE_DIGITS = re.compile(r"[0-9]{9}")


def clean(typed: str) -> str:
    """The User ID as it will be shown; raises ``ValidationError`` with what to change.

    Nine digits in a row would be a Social Security number, also with dashes between them, and
    identifiers of four characters belong to the agency's own staff.
    """
    user_id = text.clean(typed)
    if not MINIMUM_LENGTH <= len(user_id) <= MAXIMUM_LENGTH:
        raise ValidationError(_("Use 6 to 74 characters."), code="length")
    if not _ALLOWED.fullmatch(user_id):
        raise ValidationError(
            _("Use letters, digits and . _ @ + - only, and start with a letter or digit."),
            code="characters",
        )
    if not any(char.isalpha() for char in user_id):
        raise ValidationError(_("Use at least one letter."), code="letter")
    if _NINE_DIGITS.search(user_id.replace("-", "")):
        raise ValidationError(
            _("Do not use nine digits in a row, they could be a Social Security number."),
            code="digits",
        )
    return user_id
