"""Lets an account rest for a while, and wakes it up with the access it had.

Rooms above that serve callers decide which agent serves which person, and ask their own policy
before they call these.
"""

from django.db import transaction

import clock
from accounts import emails_suspension as emails
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.reasons import Reason
from accounts.services import sessions
from accounts.verdicts import Refusal
from audit import events


@transaction.atomic
def suspend(*, user_id: int, actor: User, reason: str) -> User:
    """Shut an account for a while; sessions end at once, access rests and is kept.

    Raises ``Refusal`` OWN_ACCOUNT, ALREADY_SO or REASON_MISSING.
    """
    user = _asked(user_id, actor, reason)
    if user.is_suspended:
        raise Refusal(Reason.ALREADY_SO)
    user.suspend(at=clock.now(), reason=reason.strip()[:300])
    user.save()
    sessions.end_all(user=user, reason=PortalSession.End.ACCOUNT_CHANGED)
    events.record(
        Tag.SUSPEND,
        actor=actor,
        target=user,
        reason=reason.strip(),
        before={"suspended": False},
        after={"suspended": True},
    )
    emails.account_suspended(user, reason=reason.strip())
    return user


@transaction.atomic
def unsuspend(*, user_id: int, actor: User, reason: str) -> User:
    """End a suspension; an account that was closed for good is not opened by it.

    Raises ``Refusal`` OWN_ACCOUNT, ALREADY_SO or REASON_MISSING.
    """
    user = _asked(user_id, actor, reason)
    if user.suspended_at is None or user.deactivated_at is not None:
        raise Refusal(Reason.ALREADY_SO)
    user.reactivate()
    user.save()
    events.record(
        Tag.UNSUSPEND,
        actor=actor,
        target=user,
        reason=reason.strip(),
        before={"suspended": True},
        after={"suspended": False},
    )
    emails.account_unsuspended(user, reason=reason.strip())
    return user


def _asked(user_id: int, actor: User, reason: str) -> User:
    if actor.pk == user_id:
        raise Refusal(Reason.OWN_ACCOUNT)
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    return User.objects.select_for_update().get(pk=user_id)
