"""Opens the way back to a forgotten password: right answers, or a help desk, send one mail."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction

import clock
from accounts import emails_recovery as emails
from accounts import text
from accounts.audit_tags import Tag
from accounts.models import PasswordReset, User
from accounts.reasons import Reason
from accounts.services import challenge, throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

_HOUR = timedelta(hours=1)
REQUESTS_PER_ADDRESS = 60
MAILS_PER_PERSON = 3


def start(*, user_id: str, answers: Mapping[str, str], address: str) -> None:
    """Mail a link to the owner when all challenge answers are right; nothing else changes.

    Where questions are switched off, everybody gets the same answer and the owner the mail.
    Raises ``Refusal`` ANSWERS_WRONG, the same for unknown, wrong, closed and shut accounts, or
    TOO_MANY_FROM_ADDRESS.
    """
    if not throttle.is_allowed(
        Bucket(Purpose.RESET_ADDRESS, address, REQUESTS_PER_ADDRESS, _HOUR, _HOUR)
    ):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    if challenge.is_enabled():
        challenge.check(user_id=user_id, answers=answers, address=address)
    may_mail = throttle.is_allowed(
        Bucket(Purpose.RESET_MAIL, text.key(user_id), MAILS_PER_PERSON, _HOUR, _HOUR)
    )
    _start(user_id, may_mail=may_mail)


@transaction.atomic
def _start(user_id: str, *, may_mail: bool) -> None:
    user = User.objects.select_for_update().filter(user_id_key=text.key(user_id)).first()
    is_taken = user is not None and user.may_recover and may_mail
    events.record(
        Tag.RECOVERY_ASKED,
        actor=None,
        target=user,
        outcome="success" if is_taken else "refused",
    )
    if user is not None and is_taken:
        now = clock.now()
        reset = _new(user, PasswordReset.Origin.OWNER)
        reset.expires_at = now + settings.RECOVERY_LINK_LIFETIME
        reset.save()
        emails.reset_link(reset)


@transaction.atomic
def start_by_help_desk(
    *, user_id: int, actor: User, reason: str, lost_factor: bool = False
) -> PasswordReset:
    """Send somebody whom a help desk has verified the link by mail; the agent never sees it.

    With ``lost_factor`` the person cannot give a second proof: a day goes by first, announced to
    all addresses, and the link then needs none. The caller has asked whether ``actor`` may do
    this. Raises ``Refusal`` OWN_ACCOUNT, REASON_MISSING or NOT_ALLOWED for a shut account.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if actor.pk == user.pk:
        raise Refusal(Reason.OWN_ACCOUNT)
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    if not user.may_recover:
        raise Refusal(Reason.NOT_ALLOWED)
    now = clock.now()
    reset = _new(user, PasswordReset.Origin.HELP_DESK, actor)
    if lost_factor:
        put_off(reset)
    else:
        reset.expires_at = now + settings.RECOVERY_LINK_LIFETIME
    reset.save()
    events.record(
        Tag.RECOVERY_WAITS if lost_factor else Tag.RECOVERY_ASKED,
        actor=actor,
        target=user,
        reason=reason.strip(),
    )
    if lost_factor:
        emails.reset_waits(reset)
    else:
        emails.reset_link(reset)
    return reset


def put_off(reset: PasswordReset) -> None:
    """Let a day go by before the next link of this recovery; the caller saves, records, tells."""
    opens_at = clock.now() + settings.RECOVERY_WAIT
    reset.wait(until=opens_at, expires_at=opens_at + settings.RECOVERY_WAITED_LINK_LIFETIME)


def _new(user: User, origin: PasswordReset.Origin, asked_by: User | None = None) -> PasswordReset:
    """A recovery of a locked person that replaces the one before; only the newest link works."""
    now = clock.now()
    PasswordReset.objects.filter(user=user, status__in=PasswordReset.ALIVE).update(
        status=PasswordReset.Status.OVER, browser_hash="", finished_at=now
    )
    return PasswordReset(
        user=user,
        origin=origin,
        security_version=user.security_version,
        email_key=user.email_key,
        requested_at=now,
        asked_by=asked_by,
    )


def mail_waited(*, batch: int = 200) -> int:
    """Mail the links whose day of waiting is over, a recovery a transaction; returns how many.

    A recovery whose account changed meanwhile ends here. Two sweeps at once take different rows.
    """
    done = 0
    while done < batch and _mail_one():
        done += 1
    return done


@transaction.atomic
def _mail_one() -> bool:
    now = clock.now()
    reset = (
        PasswordReset.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(status=PasswordReset.Status.WAITING, opens_at__lte=now)
        .order_by("opens_at", "pk")
        .first()
    )
    if reset is None:
        return False
    if reset.is_good_for(now):
        reset.open_after_wait(until=now + settings.RECOVERY_WAITED_LINK_LIFETIME)
        emails.reset_link(reset)
    else:
        reset.finish(PasswordReset.Status.OVER, at=now)
    reset.save()
    return True


def end_late() -> int:
    """Mark recoveries that nobody finished in time; returns how many."""
    now = clock.now()
    return PasswordReset.objects.filter(
        status__in=(PasswordReset.Status.MAILED, PasswordReset.Status.PROVEN), expires_at__lte=now
    ).update(status=PasswordReset.Status.OVER, browser_hash="", finished_at=now)
