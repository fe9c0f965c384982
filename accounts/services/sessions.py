"""Resumes and ends sessions; the registry in PostgreSQL is the truth."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils.dateparse import parse_datetime

import clock
from accounts import remembered
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.time_left import TimeLeft, time_left
from audit import events
from prepared import Prepared

# Asked at every page, so it is compiled once.
_OF_TOKEN = Prepared(
    lambda key_hash, user_pk: PortalSession.objects.select_related("user").filter(
        key_hash=key_hash, user_id=user_pk
    ),
    key_hash=str,
    user_pk=int,
)

SESSION_TOKEN = "_portal_session"  # noqa: S105 - the name under which it is kept
WRITE_EVERY = timedelta(minutes=1)
# How exactly the idle limit is kept: page after page within this time moves nothing.
KEEP_EVERY = timedelta(seconds=2)


@dataclass(frozen=True)
class Resumed:
    """What became of a session that a browser brought back."""

    session: PortalSession | None
    over: PortalSession.End | None
    left: TimeLeft | None = None


def new_token() -> str:
    """An unguessable name for a session, kept only inside the session itself."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the registry keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def resume(*, token: str, user_pk: int | str, human: bool = True) -> Resumed:
    """One query: the session of this token if it may go on now; moves its last activity.

    ``human`` is False for requests a script makes by itself; they never keep a session alive.
    The last activity lives in the cache, to a few seconds; the database learns it at most once a
    minute and is asked when the cache is lost. What is remembered of the person is read with it.
    """
    now = clock.now()
    session = _OF_TOKEN.first(key_hash=hash_of(token), user_pk=int(user_pk))
    if session is None:
        return Resumed(None, None)
    found = cache.get_many([_cache_key(session), *remembered.keys_of(session.user_id).values()])
    last_activity = _last_activity(session, found.get(_cache_key(session)))
    over = session.why_over(now=now, last_activity=last_activity)
    if over is not None:
        if session.ended_at is None:
            _end(session, over, now)
        return Resumed(None, over)
    remembered.attach(session.user, found)
    if human and now - last_activity >= KEEP_EVERY:
        _move(session, now)
        last_activity = now
    left = time_left(now=now, last_activity=last_activity, latest_end=session.latest_end)
    return Resumed(session, None, left)


def _cache_key(session: PortalSession) -> str:
    return f"session-activity:{session.key_hash}"


def _last_activity(session: PortalSession, seen: Any) -> datetime:
    cached = parse_datetime(seen) if isinstance(seen, str) else None
    return max(cached, session.last_activity_at) if cached else session.last_activity_at


def _move(session: PortalSession, now: datetime) -> None:
    cache.set(_cache_key(session), now.isoformat(), timeout=3600)
    if now - session.last_activity_at >= WRITE_EVERY:
        PortalSession.objects.filter(pk=session.pk, ended_at=None).update(last_activity_at=now)
        session.last_activity_at = now


@transaction.atomic
def sign_out(*, session: PortalSession) -> None:
    """End a session because its owner logs out; ending it twice is one end."""
    if _end(session, PortalSession.End.SIGNED_OUT, clock.now()):
        events.record(Tag.SIGN_OUT, actor=session.user, target=session)


def end_all(*, user: User, reason: PortalSession.End) -> int:
    """End every session of a person in the caller's transaction; returns how many."""
    return PortalSession.objects.filter(user=user, ended_at=None).update(
        ended_at=clock.now(), end_reason=reason
    )


def sweep(*, batch: int = 500) -> int:
    """End the sessions nobody came back to, a batch a transaction; returns how many.

    Only marks what ``resume`` would refuse anyway, a minute later because the database learns
    of activity at most once a minute. Two sweeps at once take different rows.
    """
    total = 0
    while ended := _sweep_batch(batch):
        total += ended
    return total


@transaction.atomic
def _sweep_batch(batch: int) -> int:
    now = clock.now()
    idle_since = now - settings.SESSION_IDLE_LIMIT - WRITE_EVERY
    oldest = now - settings.SESSION_ABSOLUTE_LIMIT
    due = (
        PortalSession.objects.select_for_update(skip_locked=True)
        .filter(Q(last_activity_at__lte=idle_since) | Q(created_at__lte=oldest), ended_at=None)
        .order_by("pk")[:batch]
    )
    found = [session.pk for session in due]
    if not found:
        return 0
    return PortalSession.objects.filter(pk__in=found).update(
        ended_at=now,
        end_reason=Case(
            When(created_at__lte=oldest, then=Value(PortalSession.End.ABSOLUTE.value)),
            default=Value(PortalSession.End.IDLE.value),
        ),
    )


def _end(session: PortalSession, reason: PortalSession.End, now: datetime) -> bool:
    """Mark one session ended; False when somebody else did it before."""
    return bool(
        PortalSession.objects.filter(pk=session.pk, ended_at=None).update(
            ended_at=now, end_reason=reason
        )
    )
