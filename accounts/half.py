"""The half session: a right password is given, the second factor is not. Nobody is signed in yet.

It is a mark in the visitor's anonymous session, so every page for people who are signed in stays
shut by itself; the middleware shuts all the others too, apart from those named here.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.dateparse import parse_datetime

import clock
from accounts import visit
from accounts.models import User
from accounts.services import sessions

# The second step itself, the way out, and what no person looks at.
OPEN_NAMES = frozenset(
    {"accounts:password", "accounts:passkey", "accounts:logout", "healthz", "readyz"}
)
# Other beginnings of a sign-in: going there ends this one.
FAMILY = "/login/"

_KEY = "half_session"
_SALT = "accounts.half"


def begin(request: HttpRequest, user: User) -> None:
    """Note that this person's password was right: new session key, new CSRF secret.

    Whoever was signed in with this browser before is signed out.
    """
    if request.user.is_authenticated:
        sessions.sign_out(session=visit.of(request))
    for name in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, sessions.SESSION_TOKEN):
        request.session.pop(name, None)
    request.session[_KEY] = {
        "user": user.pk,
        "seal": _seal(user),
        "at": clock.now().isoformat(),
        "choice": "",
    }
    request.session.cycle_key()
    rotate_token(request)


def is_there(session: SessionBase) -> bool:
    """Whether a half session is there and young enough; asks no database."""
    kept: dict[str, Any] | None = session.get(_KEY)
    if not kept:
        return False
    at = parse_datetime(kept["at"])
    lasts: timedelta = settings.HALF_SESSION_LIFETIME
    return at is not None and clock.now() - at <= lasts


def user_of(session: SessionBase) -> User | None:
    """The person whose password was given, unless account or password changed since."""
    if not is_there(session):
        return None
    kept = session[_KEY]
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["seal"], _seal(user)):
        return None
    return user


def keep_choice(session: SessionBase, choice: str) -> None:
    """Remember the device that was chosen, so that the page offers it again."""
    session[_KEY] = {**session[_KEY], "choice": choice}


def choice_of(session: SessionBase) -> str:
    """The device that was chosen last, or nothing."""
    kept: dict[str, Any] = session.get(_KEY) or {}
    return str(kept.get("choice", ""))


def drop(session: SessionBase) -> None:
    """End the half session."""
    session.pop(_KEY, None)


def _seal(user: User) -> str:
    """Changes with the password and with every security change of the account."""
    return salted_hmac(
        _SALT, f"{user.security_version}:{user.password}", algorithm="sha256"
    ).hexdigest()
