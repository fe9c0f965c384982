"""Lets the owner of a locked account open it early, with the mailed link and a second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

import clock
from accounts import emails_recovery as emails
from accounts import text
from accounts.audit_tags import Tag
from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import (
    codes,
    known_browsers,
    recovery_proof,
    second_factor,
    sign_in,
    throttle,
)
from accounts.services.second_factor import Choice
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

_HOUR = timedelta(hours=1)
REQUESTS_PER_ADDRESS = 60
MAILS_PER_PERSON = 3


@dataclass(frozen=True)
class Lock:
    """One lock of one account, as long as it stands."""

    user: User
    bucket: Bucket
    until: datetime


def ask(*, user_id: str, address: str, known_cookie: str = "") -> None:
    """Mail the link again to the owner of a locked account; the same answer for everybody.

    Raises ``Refusal`` TOO_MANY_FROM_ADDRESS.
    """
    if not throttle.is_allowed(
        Bucket(Purpose.UNLOCK_ADDRESS, address, REQUESTS_PER_ADDRESS, _HOUR, _HOUR)
    ):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    may_mail = throttle.is_allowed(
        Bucket(Purpose.UNLOCK_MAIL, text.key(user_id), MAILS_PER_PERSON, _HOUR, _HOUR)
    )
    _ask(user_id, known_cookie, may_mail=may_mail)


@transaction.atomic
def _ask(user_id: str, known_cookie: str, *, may_mail: bool) -> None:
    user = User.objects.filter(user_id_key=text.key(user_id), is_active=True).first()
    lock = next(iter(_locks(user, known_cookie)), None) if user else None
    is_sent = lock is not None and may_mail and bool(recovery_proof.devices_of(lock.user))
    events.record(
        Tag.UNLOCK_ASKED, actor=None, target=user, outcome="success" if is_sent else "refused"
    )
    if lock is not None and is_sent:
        emails.unlock_link(lock.user, until=lock.until)


def find(*, user_pk: int, until: str, known_cookie: str = "") -> Lock | None:
    """The lock a link was made for, while it stands; a link is dead with its lock."""
    wanted = parse_datetime(until)
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    if user is None or wanted is None:
        return None
    return next((lock for lock in _locks(user, known_cookie) if lock.until == wanted), None)


def cookie_name_for(user_pk: int) -> str:
    """The name of the cookie of a browser this person signed in with before."""
    user_id = User.objects.filter(pk=user_pk).values_list("user_id", flat=True).first()
    return known_browsers.cookie_name(user_id or "")


def send_code(*, lock: Lock, choice: Choice) -> MFADevice:
    """Send a code to the device chosen. Raises ``Refusal`` NO_SUCH_DEVICE and those of codes."""
    for device in recovery_proof.devices_of(lock.user):
        if device.kind == choice.kind and choice.device_id in {None, device.pk}:
            codes.send(user=lock.user, device=device)
            return device
    raise Refusal(Reason.NO_SUCH_DEVICE)


def unlock(*, lock: Lock, choice: Choice, code: str) -> None:
    """Open the sign-in again; the password is still asked for.

    Raises ``Refusal`` SECOND_FACTOR_REFUSED, also for a kind that comes by mail as the link did.
    """
    if choice.kind not in recovery_proof.INDEPENDENT:
        raise Refusal(Reason.SECOND_FACTOR_REFUSED)
    factor = second_factor.verify(user=lock.user, choice=choice, code=code)
    _unlock(lock, factor.kind)


@transaction.atomic
def _unlock(lock: Lock, kind: str) -> None:
    throttle.clear(lock.bucket)
    events.record(Tag.UNLOCK, actor=lock.user, target=lock.user, reason=kind)
    emails.account_unlocked(lock.user, at=clock.now())


def _locks(user: User, known_cookie: str) -> list[Lock]:
    """What keeps this person from signing in: strangers' failures, or those in this browser."""
    tokens = {None, known_browsers.read(user, known_cookie)}
    buckets = [sign_in.account_bucket(user.user_id, token) for token in tokens]
    found = [(bucket, throttle.closed_until(bucket)) for bucket in buckets]
    return [Lock(user, bucket, until) for bucket, until in found if until is not None]
