"""Challenge answers: compared forgivingly, kept as the hash of a keyed digest."""

import hmac
import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from accounts import text

MINIMUM_LENGTH = 3
MAXIMUM_LENGTH = 100
TOO_COMMON = frozenset(
    {
        *("unknown", "none", "nothing", "nobody", "nowhere", "never", "yes"),
        *("noidea", "idontknow", "dontknow", "answer", "password", "secret", "test", "testing"),
        *("abc", "abcd", "qwerty", "asdf", "123", "1234", "12345", "123456"),
    }
)


def normalise(answer: str) -> str:
    """The letters and digits that count: no case, accents, punctuation or extra spaces."""
    decomposed = unicodedata.normalize("NFD", text.key(answer))
    kept = "".join(
        char if char.isalnum() else " "
        for char in decomposed
        if not unicodedata.category(char).startswith("M")
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def squeezed(answer: str) -> str:
    """The normalised answer without any space, to compare two answers with each other."""
    return normalise(answer).replace(" ", "")


def make_hash(answer: str) -> str:
    """What is stored: useless without both the pepper and the answer."""
    return make_password(_digest(answer))


def matches(answer: str, encoded: str) -> bool:
    """Whether an answer is the stored one."""
    return check_password(_digest(answer), encoded)


def _digest(answer: str) -> str:
    return hmac.digest(settings.ANSWER_PEPPER.encode(), squeezed(answer).encode(), "sha256").hex()
