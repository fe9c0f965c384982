"""Hands mails out to workers and takes the results back.

A claim is a lease: until it ends no other worker takes the mail, and only the holder of the claim
settles it. Nothing has to be cleaned up after a killed worker; its lease ends and the mail is due.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

import clock
from notifications import retries
from notifications.models import OutboxMessage

Status = OutboxMessage.Status

LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Claim:
    """Mails that one worker holds for a while."""

    key: uuid.UUID
    messages: list[OutboxMessage]


def due(at: datetime) -> Q:
    """Mails that a worker may take at this time: new, to be tried again, or left by a worker."""
    return Q(status__in=(Status.QUEUED, Status.SENDING), next_try_at__lte=at)


@transaction.atomic
def take(*, limit: int) -> Claim:
    """Claim up to ``limit`` due mails, passing by those that another worker is just claiming."""
    now = clock.now()
    key = uuid.uuid4()
    messages = list(
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(due(now))
        .order_by("next_try_at", "id")[:limit]
    )
    if messages:
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
            status=Status.SENDING, claim=key, attempts=F("attempts") + 1, next_try_at=now + LEASE
        )
    for message in messages:
        message.attempts += 1
    return Claim(key, messages)


def mark_sent(claim: Claim, message: OutboxMessage) -> bool:
    """Note that the mail server took the mail. False when the claim had ended meanwhile.

    Written in SQL because it is said once for each mail; the query builder doubles its cost.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SENT, [clock.now(), message.pk, claim.key])
        return bool(cursor.rowcount)


_MARK_SENT = """
UPDATE notifications_outboxmessage SET status = 'sent', sent_at = %s, claim = NULL, last_error = ''
WHERE id = %s AND claim = %s
"""


def mark_failed(claim: Claim, message: OutboxMessage, error: str) -> None:
    """Give the mail up and keep it where people see it."""
    _settle(claim, message, status=Status.FAILED, last_error=error)


def mark_for_retry(claim: Claim, message: OutboxMessage, error: str) -> bool:
    """Have the mail tried again later. False, and nothing done, when that was the last attempt."""
    wait = retries.wait_after(message.attempts)
    if wait is None:
        return False
    _settle(claim, message, status=Status.QUEUED, next_try_at=clock.now() + wait, last_error=error)
    return True


def release(claim: Claim, messages: list[OutboxMessage], *, wait: timedelta, error: str) -> None:
    """Give back mails that were not tried, to be taken after ``wait``."""
    changes = {"last_error": error} if error else {}
    _held(claim).filter(pk__in=[message.pk for message in messages]).update(
        status=Status.QUEUED,
        claim=None,
        attempts=F("attempts") - 1,
        next_try_at=clock.now() + wait,
        **changes,
    )


def _settle(claim: Claim, message: OutboxMessage, **changes: object) -> bool:
    return bool(_held(claim).filter(pk=message.pk).update(claim=None, **changes))


def _held(claim: Claim) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(claim=claim.key)
