"""Remembers in the session that the challenge questions were answered, for one purpose."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.dateparse import parse_datetime

import clock
from accounts.models import User

_MARKS = "challenge_marks"


def keep(session: SessionBase, user: User, purpose: str) -> None:
    """Note that ``user`` answered the questions now, for ``purpose`` only (a name of yours)."""
    marks: dict[str, Any] = session.get(_MARKS, {})
    marks[purpose] = {
        "user": user.pk,
        "version": user.security_version,
        "at": clock.now().isoformat(),
    }
    session[_MARKS] = marks


def holds(session: SessionBase, user: User, purpose: str) -> bool:
    """Whether they were answered in the last ten minutes and the account is as it was."""
    mark: dict[str, Any] = session.get(_MARKS, {}).get(purpose) or {}
    at = parse_datetime(mark.get("at", ""))
    if at is None or mark["user"] != user.pk or mark["version"] != user.security_version:
        return False
    return timedelta() <= clock.now() - at <= settings.CHALLENGE_PASS_LIFETIME


def drop(session: SessionBase, purpose: str) -> None:
    """Use the answer up."""
    marks: dict[str, Any] = session.get(_MARKS, {})
    if marks.pop(purpose, None) is not None:
        session[_MARKS] = marks
