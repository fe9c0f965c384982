"""Seals what the second factors need, with keys made from a secret outside the database.

The seed of an authenticator app has to be read again, so it is encrypted. A code that is sent is
made from a random number of its own and never stored: the sender makes it in the moment of
delivery, and what is kept for comparing is a keyed digest that tells nothing without the secret.
"""

import base64
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django_otp.oath import hotp

CODE_DIGITS = 6
_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
_RECOVERY_LENGTH = 10


class Unreadable(Exception):  # noqa: N818 - says what the text is
    """The sealed text is not ours, was altered, or belongs to another secret."""


def seal(secret: bytes) -> str:
    """Encrypt a secret for the database."""
    return _box().encrypt(secret).decode()


def unseal(sealed: str) -> bytes:
    """Read a sealed secret back. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode())
    except InvalidToken as error:
        raise Unreadable from error


def new_nonce() -> str:
    """A random number that makes one code."""
    return secrets.token_urlsafe(32)


def code_of(nonce: str) -> str:
    """The code that belongs to a nonce: six digits."""
    number = hotp(hmac.digest(_key("code"), nonce.encode(), "sha256"), 0, digits=CODE_DIGITS)
    return f"{number:0{CODE_DIGITS}d}"


def new_recovery_code() -> str:
    """A code to be written down: ten characters in two groups, about fifty random bits."""
    text = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    return f"{text[:5]}-{text[5:]}"


def digest_of(nonce: str, code: str) -> str:
    """What is kept of a code, to compare a typed one with."""
    typed = "".join(code.split()).replace("-", "").lower()
    return hmac.digest(_key("digest"), f"{nonce}:{typed}".encode(errors="replace"), "sha256").hex()


def digest_of_target(target: str) -> str:
    """What is kept of the number or address a code went to."""
    return hmac.digest(_key("target"), target.encode(errors="replace"), "sha256").hex()


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.ANSWER_PEPPER.encode(), f"sealing.{purpose}".encode(), "sha256")


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("seed")))
