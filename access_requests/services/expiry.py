"""Reminds of open requests and ends those that nobody acted on.

A missed night is caught up: what is due is sent once, and a request ends only when its last
reminder has been out for the promised time.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q

import clock
from access_requests import emails
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet, Status
from access_requests.services import rerouting
from audit import events

BATCH = 500


def expire(*, as_of: dt.datetime | None = None) -> dict[str, int]:
    """Send the reminders and end the requests that are due at ``as_of`` (default: now).

    Works in batches with a transaction each and can be run again or in parallel at any time.
    Returns how many were reminded and how many expired.
    """
    moment = as_of or clock.now()
    counts = {"expired": 0, "reminded": 0}
    while count := _expire_batch(moment):
        counts["expired"] += count
    for number in range(len(settings.REQUEST_REMINDER_DAYS), 0, -1):
        while count := _remind_batch(number, moment):
            counts["reminded"] += count
    return counts


def _claimed(due: AccessRequestQuerySet) -> list[AccessRequest]:
    return list(
        due.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .with_all()
        .order_by("pk")[:BATCH]
    )


@transaction.atomic
def _expire_batch(moment: dt.datetime) -> int:
    last = settings.REQUEST_REMINDER_DAYS[-1]
    grace = dt.timedelta(days=settings.REQUEST_EXPIRY_DAYS - last)
    batch = _claimed(
        AccessRequest.objects.open().filter(
            waiting_since__lte=moment - dt.timedelta(days=settings.REQUEST_EXPIRY_DAYS),
            reminders_sent=len(settings.REQUEST_REMINDER_DAYS),
            reminded_at__lte=moment - grace,
        )
    )
    before = {row.pk: row.status for row in batch}
    for row in batch:
        row.close(Status.EXPIRED, at=clock.now())
    AccessRequest.objects.bulk_update(batch, ["status", "closed_at"])
    events.record_many(
        events.Event(
            tag=Tag.EXPIRE,
            actor=None,
            target=row,
            before={"status": before[row.pk]},
            after={"status": row.status},
        )
        for row in batch
    )
    emails.access_requests_expired(row for row in batch if row.requester.is_active)
    return len(batch)


@transaction.atomic
def _remind_batch(number: int, moment: dt.datetime) -> int:
    """Send reminder ``number`` where it is due and neither it nor a later one was sent."""
    days = settings.REQUEST_REMINDER_DAYS[number - 1]
    batch = _claimed(
        AccessRequest.objects.open().filter(
            Q(waiting_since__lte=moment - dt.timedelta(days=days)), reminders_sent__lt=number
        )
    )
    for row in batch:
        row.reminders_sent, row.reminded_at = number, moment
    AccessRequest.objects.bulk_update(batch, ["reminders_sent", "reminded_at"])
    events.record_many(
        events.Event(tag=Tag.REMIND, actor=None, target=row, after={"reminder": number})
        for row in batch
    )
    pending = [row for row in batch if row.status == Status.PENDING]
    emails.decisions_missing(rerouting.people_by_request(pending), on=clock.today())
    emails.answers_missing(row for row in batch if row.status == Status.RETURNED)
    return len(batch)
