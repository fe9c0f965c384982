"""Checks of single values that the data files and the administration share."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_PHONE = re.compile(r"[0-9A-Za-z ()+.,#/-]+")
FEWEST_DIGITS = 7


def phone(value: str) -> None:
    """Accept a phone number as people print it, with words such as "(Option #2)".

    Raises ValidationError when it has fewer than seven digits or odd characters.
    """
    if not _PHONE.fullmatch(value) or sum(map(str.isdigit, value)) < FEWEST_DIGITS:
        raise ValidationError(_("This is not a phone number."), code="phone")


def pattern(value: str) -> None:
    """Accept a regular expression; raises ValidationError when it cannot be compiled."""
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValidationError(
            _("This is not a regular expression: %(reason)s") % {"reason": error}, code="pattern"
        ) from error


def synonym(value: str) -> None:
    """Accept a former or spoken name; raises ValidationError for one with a comma in it."""
    if "," in value:
        raise ValidationError(_("Commas separate names."), code="comma")
