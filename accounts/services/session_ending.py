"""Ends sessions because their owner says so on the page that lists them."""

from django.db import transaction

import clock
from accounts import emails_profile as emails
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.reasons import Reason
from accounts.verdicts import Refusal
from audit import events
from audit.events import Event


@transaction.atomic
def end_one(*, user: User, session_id: int) -> None:
    """End one session of this person.

    Raises ``PortalSession.DoesNotExist`` for a session of somebody else, and ``Refusal``
    SESSION_OVER when it has ended before.
    """
    session = PortalSession.objects.select_for_update().get(pk=session_id, user=user)
    if session.ended_at is not None:
        raise Refusal(Reason.SESSION_OVER)
    _end([session], user)


@transaction.atomic
def end_others(*, user: User, keep: PortalSession) -> int:
    """End every session of this person but one; returns how many ended."""
    others = list(
        PortalSession.objects.select_for_update()
        .filter(user=user, ended_at=None)
        .exclude(pk=keep.pk)
        .order_by("pk")
    )
    if others:
        _end(others, user)
    return len(others)


def _end(ended: list[PortalSession], user: User) -> None:
    now, reason = clock.now(), PortalSession.End.BY_OWNER
    PortalSession.objects.filter(pk__in=[session.pk for session in ended]).update(
        ended_at=now, end_reason=reason
    )
    events.record_many(
        Event(tag=Tag.SESSION_ENDED, actor=user, target=session, reason=reason.value)
        for session in ended
    )
    emails.sessions_ended(user, ended, at=now)
