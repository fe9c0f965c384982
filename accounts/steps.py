"""What the pages before sign-in keep in the session: terms, wanted page, the steps done."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

import clock
from accounts.redirects import wanted_path

_TERMS = "terms"
_NEXT = "next"
_USER_ID = "sign_in_user_id"
_ASKS_FOR_DEVICE = "sign_in_asks_for_device"
_TERMS_LAST = timedelta(hours=1)


def accept_terms(session: SessionBase) -> None:
    """Note that the terms in force were accepted now; recorded for good at the sign-in."""
    session[_TERMS] = {"version": settings.TERMS_VERSION, "at": clock.now().isoformat()}


def forget_sign_in(session: SessionBase) -> None:
    """Cancel a sign-in that was begun."""
    for name in (_TERMS, _NEXT, _USER_ID, _ASKS_FOR_DEVICE):
        session.pop(name, None)


def terms_accepted_at(session: SessionBase) -> datetime | None:
    """When the terms in force were accepted for this sign-in, or None; good for an hour."""
    kept: dict[str, Any] = session.get(_TERMS) or {}
    at = parse_datetime(kept["at"]) if kept.get("version") == settings.TERMS_VERSION else None
    return at if at is not None and clock.now() - at <= _TERMS_LAST else None


def keep_next(request: HttpRequest) -> None:
    """Remember the page somebody wanted before signing in."""
    wanted = wanted_path(request)
    if wanted:
        request.session[_NEXT] = wanted


def forget_next(session: SessionBase) -> None:
    """Forget it, because a new sign-in begins from the front."""
    session.pop(_NEXT, None)


def next_of(session: SessionBase) -> str:
    """The page somebody wanted; check it again before going there."""
    return str(session.get(_NEXT, ""))


def keep_user_id(session: SessionBase, user_id: str, *, asks_for_device: bool) -> None:
    """Remember what was typed in the first step, and whether the second shows a device's fields."""
    session[_USER_ID] = user_id
    session[_ASKS_FOR_DEVICE] = asks_for_device


def asks_for_device(session: SessionBase) -> bool:
    """Whether the second step shows the fields of a device."""
    return bool(session.get(_ASKS_FOR_DEVICE, False))


def user_id_of(session: SessionBase) -> str:
    """What was typed in the first step, or nothing."""
    return str(session.get(_USER_ID, ""))
