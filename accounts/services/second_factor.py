"""Judges second factors: every code and every passkey, on every road, is counted in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.utils.crypto import constant_time_compare
from django_otp.oath import TOTP

import clock
from accounts import emails_second_factor, sealing, text
from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.factors import Factor
from accounts.models import MFADevice, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import failures, throttle
from accounts.services.throttle import Bucket, Purpose, Reservation
from accounts.verdicts import Refusal

ONE_TIME = SecurityCode.Kind.ONE_TIME.value
TOTP_STEP_SECONDS = 30
_TOLERANCE = 1  # steps before and after the present one, for clocks that are a little off


@dataclass(frozen=True)
class Choice:
    """What somebody picked to prove themselves with: a kind, and one device of it or any."""

    kind: str
    device_id: int | None = None

    @classmethod
    def read(cls, value: str) -> "Choice":
        """The choice a form field's value stands for, ``text`` or ``text:12``."""
        kind, _colon, number = value.partition(":")
        return cls(kind, text.row_key(number))


def bucket(user: User) -> Bucket:
    """The counter of wrong second factors of a person, over all devices and all roads."""
    return Bucket(
        Purpose.SECOND_FACTOR,
        str(user.pk),
        settings.MFA_FAILURE_LIMIT,
        settings.MFA_FAILURE_WINDOW,
        settings.MFA_LOCK,
    )


def verify(*, user: User, choice: Choice, code: str) -> Factor:
    """Judge a typed code. A right one is used up.

    Raises ``Refusal`` SECOND_FACTOR_REFUSED, the same for wrong, used, old and locked.
    """
    return verify_with(user=user, kind=choice.kind, judge=lambda: _judge(user, choice, code))


def verify_with(*, user: User, kind: str, judge: Callable[[], Factor | None]) -> Factor:
    """Count an attempt, then let ``judge`` say which factor was proven, or None.

    A right one gives its attempt back, so ten wrong ones a day close the second factor. Must not
    run within a transaction. Raises ``Refusal`` SECOND_FACTOR_REFUSED.
    """
    counter = bucket(user)
    place = throttle.reserve([counter])[counter.purpose]
    factor = judge() if place.is_open else None
    if factor is None:
        _record_failure(user, place, kind)
        raise Refusal(Reason.SECOND_FACTOR_REFUSED)
    throttle.give_back(counter)
    return factor


def unlock(*, user: User) -> None:
    """Forget the wrong attempts; whoever calls this has asked, and records why."""
    throttle.clear(bucket(user))


@transaction.atomic
def _judge(user: User, choice: Choice, code: str) -> Factor | None:
    typed = "".join(code.split())
    if choice.kind == ONE_TIME:
        return _judge_one_time(user, typed)
    wanted = MFADevice.objects.filter(user=user, confirmed=True, kind=choice.kind)
    if choice.device_id is not None:
        wanted = wanted.filter(pk=choice.device_id)
    # Locked, so that of many tries with one code at the same moment only one is right.
    devices = wanted.order_by("pk").select_for_update()
    return next((used(device) for device in devices if proves(device, typed)), None)


def used(device: MFADevice) -> Factor:
    """Note the use of a device; returns what the session keeps of it."""
    device.last_used_at = clock.now()
    device.save(update_fields=["last_used_at", "last_step"])
    return Factor(device.kind, device.strength, device.pk)


def proves(device: MFADevice, typed: str) -> bool:
    """Whether a code proves possession of this locked device; a right one is used up."""
    if device.is_app:
        return _is_of_app(device, typed)
    return _is_of_codes(device, typed)


def _is_of_app(device: MFADevice, typed: str) -> bool:
    """RFC 6238, SHA-1, six digits; no step is good twice, nor any before the last one used."""
    if len(typed) != sealing.CODE_DIGITS or not (typed.isascii() and typed.isdigit()):
        return False
    try:
        totp = TOTP(sealing.unseal(device.seed), step=TOTP_STEP_SECONDS)
    except sealing.Unreadable:
        return False
    totp.time = clock.now().timestamp()
    earliest = None if device.last_step is None else device.last_step + 1
    if not totp.verify(int(typed), tolerance=_TOLERANCE, min_t=earliest):
        return False
    device.last_step = totp.t()
    return True


def _is_of_codes(device: MFADevice, typed: str) -> bool:
    codes = _open_codes(device.user_id).filter(device=device)
    if device.is_sent_codes:
        codes = codes.filter(target_hash=sealing.digest_of_target(device.target))
    return _use(codes, typed)


def _judge_one_time(user: User, typed: str) -> Factor | None:
    if _use(_open_codes(user.pk).filter(kind=ONE_TIME), typed):
        return Factor(ONE_TIME, Strength.WEAK)
    return None


def _open_codes(user_id: int) -> models.QuerySet[SecurityCode]:
    now = clock.now()
    return SecurityCode.objects.filter(user=user_id, used_at=None, replaced_at=None).filter(
        models.Q(expires_at=None) | models.Q(expires_at__gt=now)
    )


def _use(codes: models.QuerySet[SecurityCode], typed: str) -> bool:
    """Mark the code that was typed as used, if it is one of these."""
    for code in codes.order_by("pk").select_for_update():
        if constant_time_compare(code.hash, sealing.digest_of(code.nonce, typed)):
            code.used_at = clock.now()
            code.save(update_fields=["used_at"])
            return True
    return False


def _record_failure(user: User, place: Reservation, kind: str) -> None:
    failures.record(
        user=user,
        place=place,
        failed=Tag.SECOND_FACTOR_FAILED,
        closed=Tag.SECOND_FACTOR_LOCKED,
        tell=emails_second_factor.second_factor_locked,
        what=kind[:20],
    )
