"""Announces and shuts accounts nobody signed in to for 60 days; a new password opens them again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import localdate

import clock
from accounts import emails_inactivity as emails
from accounts.audit_tags import Tag
from accounts.models import InactivityNotice, PortalSession, User
from audit import events
from audit.events import Event

BATCH = 500
# Nobody's account expires unannounced, also after nights in which nothing ran.
NOTICE_AT_LEAST = timedelta(hours=23)
_DAY = timedelta(days=1)


def sweep(*, as_of: datetime | None = None) -> tuple[int, int]:
    """Send the notices that are due, then shut what is due; returns how many of each.

    What was done is recorded, so that running it twice changes nothing and a missed night is
    caught up: of several notices that are late only the most urgent is sent.
    """
    moment = as_of or clock.now()
    noticed = sum(_announce(batch, moment) for batch in _batches(moment, _longest_notice()))
    shut = sum(_shut(batch, moment) for batch in _batches(moment, timedelta()))
    return noticed, shut


def last_used(user: User) -> datetime:
    """The moment from which the 60 days count: sign-in, a new password, or the beginning."""
    known = (user.created_at, user.last_sign_in_at, user.password_changed_at)
    return max(moment for moment in known if moment is not None)


def expires_at(user: User) -> datetime:
    """When the account expires unless somebody signs in."""
    return last_used(user) + settings.INACTIVITY_LIMIT


def _longest_notice() -> timedelta:
    return timedelta(days=max(settings.INACTIVITY_NOTICE_DAYS))


def _batches(moment: datetime, ahead: timedelta) -> Iterator[list[int]]:
    """Keys of the active people whose account expires before ``moment + ahead``, by hundreds."""
    used = Greatest(
        "created_at",
        Coalesce("last_sign_in_at", "created_at"),
        Coalesce("password_changed_at", "created_at"),
    )
    due = (
        User.objects.filter(is_active=True)
        .annotate(last_used=used)
        .filter(last_used__lte=moment + ahead - settings.INACTIVITY_LIMIT)
        .order_by("pk")
    )
    after = 0
    while keys := list(due.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        yield keys
        after = keys[-1]


@transaction.atomic
def _announce(keys: list[int], moment: datetime) -> int:
    """Record the notices of one batch that are due and were not sent; mail the most urgent."""
    people = list(_locked(keys))
    sent = _sent(people)
    rows, mails = [], []
    for user in people:
        day, left = localdate(expires_at(user)), expires_at(user) - moment
        due = [days for days in settings.INACTIVITY_NOTICE_DAYS if left <= timedelta(days=days)]
        new = [days for days in due if (user.pk, day, days) not in sent]
        rows += [_notice(user, day, days, moment) for days in new]
        if new and min(due) in new:
            mails.append((user, max(day, localdate(moment + _DAY))))
    InactivityNotice.objects.bulk_create(rows, ignore_conflicts=True)
    emails.expires_soon(mails)
    return len(mails)


@transaction.atomic
def _shut(keys: list[int], moment: datetime) -> int:
    """Shut the accounts of one batch whose day has come and whose last notice is a day old."""
    people = [user for user in _locked(keys) if expires_at(user) <= moment]
    sent, last = _sent(people), min(settings.INACTIVITY_NOTICE_DAYS)
    gone = []
    for user in people:
        noticed = sent.get((user.pk, localdate(expires_at(user)), last))
        if noticed is not None and moment - noticed >= NOTICE_AT_LEAST:
            user.expire(at=moment)
            gone.append(user)
    User.objects.bulk_update(gone, ["expired_at", "is_active", "security_version"])
    PortalSession.objects.filter(user__in=gone, ended_at=None).update(
        ended_at=moment, end_reason=PortalSession.End.ACCOUNT_CHANGED
    )
    events.record_many(Event(tag=Tag.EXPIRE, actor=None, target=user) for user in gone)
    emails.expired(gone)
    return len(gone)


def _locked(keys: list[int]) -> models.QuerySet[User]:
    """Read again under lock: who signs in at this moment is skipped or seen."""
    return (
        User.objects.select_for_update(skip_locked=True)
        .filter(pk__in=keys, is_active=True)
        .order_by("pk")
    )


def _sent(people: list[User]) -> dict[tuple[int, date, int], datetime]:
    rows = InactivityNotice.objects.filter(user__in=people)
    return {(row.user_id, row.expires_on, row.days_before): row.sent_at for row in rows}


def _notice(user: User, day: date, days: int, moment: datetime) -> InactivityNotice:
    return InactivityNotice(user=user, expires_on=day, days_before=days, sent_at=moment)
