"""Recognises a browser in which this account signed in before, so strangers cannot lock it out."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import text
from accounts.models import User

MAX_AGE = 180 * 24 * 3600
_SALT = "accounts.known_browser"


@dataclass(frozen=True)
class KnownBrowser:
    """A cookie that says: this account signed in here, with these credentials."""

    cookie_name: str
    value: str


def cookie_name(user_id: str) -> str:
    """The name of the cookie for one account; it tells nothing about the account."""
    return "known-" + hashlib.sha256(text.key(user_id).encode(errors="replace")).hexdigest()[:16]


def issue(user: User, token: str | None = None) -> KnownBrowser:
    """The cookie to set after a sign-in; an already known browser keeps its token."""
    value = signing.dumps(
        {"user": user.pk, "token": token or secrets.token_urlsafe(16), "seal": _seal(user)},
        salt=_SALT,
    )
    return KnownBrowser(cookie_name(user.user_id), value)


def read(user: User | None, cookie: str) -> str | None:
    """The token of this browser, if it is known for this account and its present credentials."""
    if user is None or not cookie:
        return None
    try:
        data = signing.loads(cookie, salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    if data["user"] != user.pk or not constant_time_compare(data["seal"], _seal(user)):
        return None
    return str(data["token"])


def _seal(user: User) -> str:
    """Changes with the password and with every security change of the account."""
    return salted_hmac(
        _SALT, f"{user.security_version}:{user.password}", algorithm="sha256"
    ).hexdigest()[:32]
