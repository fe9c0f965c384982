"""The password rules: two profiles, one setting chooses; each rule says itself in one line."""

import gzip
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import text

MINIMUM_LENGTH = 15
MAXIMUM_LENGTH = 128
HISTORY_LENGTH = 6
_SHORTEST_PART = 3
_FEWEST_DIFFERENT = 4
_LETTERS_BESIDE_WORD = 6

PORTAL_WORDS = (
    "enterprise portal",
    "enterpriseportal",
    "cms enterprise",
    "cmsportal",
    "portal",
    "medicare",
    "medicaid",
    "healthcare",
    "password",
    "passphrase",
    "passwort",
    "welcome",
    "letmein",
    "changeme",
    "administrator",
    "qwertyuiop",
    "1234567890",
)


@dataclass(frozen=True)
class Context:
    """What a password must not be made of."""

    user_id: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code, its words, its test, and what the live checklist can test.

    ``hook`` names a rule of ``static/js/portal.js``; a rule without one is judged on sending.
    """

    code: str
    words: Any
    holds: Callable[[str, Context], bool]
    hook: str = ""
    value: str = ""
    fields: str = ""


def _parts(value: str) -> set[str]:
    pieces = "".join(char if char.isalnum() else " " for char in text.key(value)).split()
    return {piece for piece in pieces if len(piece) >= _SHORTEST_PART}


def _avoids_user_id(password: str, context: Context) -> bool:
    folded, whole = text.key(password), text.key(context.user_id)
    return not any(part in folded for part in _parts(context.user_id) | ({whole} - {""}))


def _avoids_names(password: str, context: Context) -> bool:
    folded = text.key(password)
    return not any(part in folded for name in context.names for part in _parts(name))


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The 20,000 most used passwords, in lower case, from the list Django delivers."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


def _bare(password: str) -> str:
    """The letters and digits of a password in lower case, look-alikes undone."""
    return "".join(char for char in text.key(password) if char.isalnum())


def _repeats(bare: str) -> str:
    """The shortest piece that repeated gives the whole text, else the text."""
    for size in range(1, len(bare) // 2 + 1):
        piece = bare[:size]
        if (piece * (len(bare) // size + 1))[: len(bare)] == bare:
            return piece
    return bare


def _is_uncommon(password: str, _context: Context) -> bool:
    blocked = common_passwords()
    bare = _bare(password)
    letters = bare.strip("0123456789")
    words = {_bare(word) for word in PORTAL_WORDS}
    for form in (text.key(password), bare, letters, _repeats(bare), _repeats(letters)):
        if form in blocked or form in words:
            return False
    if len(set(bare)) < _FEWEST_DIFFERENT:
        return False
    remaining = bare
    for word in sorted(words, key=len, reverse=True):
        remaining = remaining.replace(word, "")
    # A portal word with few letters around it is as guessable as the word.
    return remaining == bare or sum(map(str.isalpha, remaining)) >= _LETTERS_BESIDE_WORD


_LENGTH = (
    Rule(
        "min-length",
        _("At least 15 characters; spaces are welcome"),
        lambda password, _context: len(password) >= MINIMUM_LENGTH,
        hook="min-length",
        value=str(MINIMUM_LENGTH),
    ),
    Rule(
        "max-length",
        _("At most 128 characters"),
        lambda password, _context: len(password) <= MAXIMUM_LENGTH,
        hook="max-length",
        value=str(MAXIMUM_LENGTH),
    ),
)
_COMPOSITION = (
    Rule(
        "upper",
        _("At least one capital letter"),
        lambda password, _context: any(char.isupper() for char in password),
        hook="upper",
    ),
    Rule(
        "lower",
        _("At least one small letter"),
        lambda password, _context: any(char.islower() for char in password),
        hook="lower",
    ),
    Rule(
        "digit",
        _("At least one digit"),
        lambda password, _context: any(char in "0123456789" for char in password),
        hook="digit",
    ),
)
_GUESSES = (
    Rule(
        "user-id",
        _("No part of your User ID"),
        _avoids_user_id,
        hook="not-containing",
        fields="id_user_id",
    ),
    Rule("names", _("Not your first or last name"), _avoids_names),
    Rule("common", _("Not a commonly used password"), _is_uncommon),
)
PROFILES: dict[str, tuple[Rule, ...]] = {
    "cms": (*_LENGTH, *_COMPOSITION, *_GUESSES),
    "nist": (*_LENGTH, *_GUESSES),
}
HISTORY = {"cms": HISTORY_LENGTH, "nist": 0}
HAS_MINIMUM_AGE = {"cms": True, "nist": False}


def rules() -> tuple[Rule, ...]:
    """The rules of the profile chosen in the settings, in the order of the checklist."""
    return PROFILES[settings.PASSWORD_PROFILE]


def history_length() -> int:
    """How many earlier passwords may not come back, in the profile chosen."""
    return HISTORY[settings.PASSWORD_PROFILE]


def minimum_age() -> timedelta:
    """How long a changed password has to stay before its owner changes it again."""
    has_one = HAS_MINIMUM_AGE[settings.PASSWORD_PROFILE]
    return settings.PASSWORD_MINIMUM_AGE if has_one else timedelta()


def is_storable(password: str) -> bool:
    """Whether a text can be a password at all: short enough to hash, no NUL or lone surrogate."""
    return len(password) <= MAXIMUM_LENGTH and not any(
        char == "\0" or unicodedata.category(char) == "Cs" for char in password
    )


def broken_rules(password: str, context: Context) -> Sequence[Rule]:
    """The rules this password breaks, none when it is good."""
    return [rule for rule in rules() if not rule.holds(password, context)]


def validate(password: str, context: Context) -> None:
    """Raises ``ValidationError`` with one message for each broken rule."""
    if not is_storable(password):
        raise ValidationError(
            _("Use at most 128 characters and no control characters in your password."),
            code="unusable",
        )
    broken = broken_rules(password, context)
    if broken:
        raise ValidationError(
            [
                ValidationError(
                    _("Your password does not meet this rule: %(rule)s."),
                    code=rule.code,
                    params={"rule": rule.words},
                )
                for rule in broken
            ]
        )


class ProfileValidator:
    """The chosen profile for Django's own password checks (``createsuperuser``, admin)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ``ValidationError`` when the profile refuses the password."""
        validate(password, context_of(user))

    def get_help_text(self) -> str:
        """All rules in one sentence."""
        return "; ".join(str(rule.words) for rule in rules())


def context_of(person: Any) -> Context:
    """What the password of this person (an account or a registration) must not contain."""
    if person is None:
        return Context()
    return Context(
        user_id=person.user_id or "", names=(person.first_name or "", person.last_name or "")
    )
