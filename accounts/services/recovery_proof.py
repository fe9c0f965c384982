"""The second proof of a password recovery: the mailed link alone changes nothing.

A device, a passkey or a recovery code for those who have one; otherwise the challenge answers once
more, in the browser that opened the link. See docs/decisions/0019-ways-back-to-a-password.md.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction

import clock
from accounts import assurance
from accounts import emails_recovery as emails
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PasswordReset, User
from accounts.reasons import Reason
from accounts.services import (
    challenge,
    codes,
    devices,
    passkeys,
    recovery_start,
    second_factor,
    sessions,
)
from accounts.services.second_factor import Choice
from accounts.verdicts import Refusal
from audit import events

# E-mail is missing: the link came that way already. A passkey, which has no typed code, is apart.
_Kind = MFADevice.Kind
INDEPENDENT = frozenset(
    {_Kind.APP_PHONE, _Kind.APP_COMPUTER, _Kind.TEXT, _Kind.VOICE, _Kind.RECOVERY}
)
_STATUS = PasswordReset.Status


class Proof(Enum):
    """What the holder of a link is asked for."""

    DEVICE = "device"
    ANSWERS = "answers"
    WAIT = "wait"
    NOTHING = "nothing"


def find(*, reset_id: int, link_number: int) -> PasswordReset | None:
    """The recovery a link leads to while the link is the newest and in time, else None."""
    reset = (
        PasswordReset.objects.select_related("user")
        .filter(pk=reset_id, link_number=link_number, status=_STATUS.MAILED)
        .first()
    )
    return reset if reset is not None and reset.is_good_for(clock.now()) else None


def proof_for(reset: PasswordReset, *, without_passkey: bool = False) -> Proof:
    """What is asked for on the way of this person.

    Those whose identity was proven, or whose work is sensitive, wait a day when they have no
    device; the answers are asked for in any case where questions are asked at all. Somebody who
    has nothing but passkeys may go the slow way ``without_passkey``.
    """
    user = reset.user
    if reset.proven_by:
        return Proof.NOTHING
    if devices_of(user) or (has_passkey(user) and not without_passkey):
        return Proof.DEVICE
    if not challenge.is_enabled():
        return Proof.WAIT
    return Proof.ANSWERS


def waits_after_answers(user: User) -> bool:
    """Whether right answers open the change only a day later."""
    return user.has_strong_factor or user.ial >= IAL.PROOFED or assurance.needs_strong_factor(user)


def devices_of(user: User) -> list[MFADevice]:
    """The devices of a person whose codes prove more than the mailbox does."""
    return [device for device in devices.confirmed_for(user) if device.kind in INDEPENDENT]


def has_passkey(user: User) -> bool:
    """Whether the person can show a passkey, where the portal's address can use any."""
    if not settings.PASSKEYS_ENABLED:
        return False
    return any(device.kind == _Kind.PASSKEY for device in devices.confirmed_for(user))


def send_code(*, reset: PasswordReset, choice: Choice) -> MFADevice:
    """Send a code to the device chosen. Raises ``Refusal`` NO_SUCH_DEVICE and those of codes."""
    for device in devices_of(reset.user):
        if device.kind == choice.kind and choice.device_id in {None, device.pk}:
            codes.send(user=reset.user, device=device)
            return device
    raise Refusal(Reason.NO_SUCH_DEVICE)


def prove_by_device(*, reset: PasswordReset, choice: Choice, code: str) -> str:
    """Judge a code; returns the token that ties the recovery to this browser.

    Raises ``Refusal`` SECOND_FACTOR_REFUSED, also for a kind that proves nothing here, and
    RESET_OVER.
    """
    if choice.kind not in INDEPENDENT:
        raise Refusal(Reason.SECOND_FACTOR_REFUSED)
    factor = second_factor.verify(user=reset.user, choice=choice, code=code)
    return _prove(reset, factor.kind)


def prove_by_passkey(*, reset: PasswordReset, state: dict[str, Any], answer: str) -> str:
    """Judge a passkey; returns the token that ties the recovery to this browser.

    Counted with all second factors. Raises ``Refusal`` PASSKEY_REFUSED and RESET_OVER.
    """
    if proof_for(reset) != Proof.DEVICE:
        raise Refusal(Reason.RESET_OVER)
    factor = passkeys.verify(user=reset.user, state=state, answer=answer)
    return _prove(reset, factor.kind)


def prove_by_answers(*, reset: PasswordReset, answers: Mapping[str, str], address: str) -> str:
    """Judge the answers once more; returns the browser's token, or nothing when a day has to pass.

    Raises ``Refusal`` ANSWERS_WRONG, TOO_MANY_FROM_ADDRESS or RESET_OVER.
    """
    if proof_for(reset, without_passkey=True) != Proof.ANSWERS:
        raise Refusal(Reason.RESET_OVER)
    challenge.check(user_id=reset.user.user_id, answers=answers, address=address)
    if waits_after_answers(reset.user):
        wait(reset=reset)
        return ""
    return _prove(reset, "answers")


def prove_by_waiting(*, reset: PasswordReset) -> str:
    """Go on with a link that was mailed after a day. Raises ``Refusal`` RESET_OVER."""
    if proof_for(reset) != Proof.NOTHING:
        raise Refusal(Reason.RESET_OVER)
    return _prove(reset, reset.proven_by)


@transaction.atomic
def wait(*, reset: PasswordReset) -> None:
    """Put the recovery off for a day and tell all addresses. Raises ``Refusal`` RESET_OVER."""
    locked = _locked(reset)
    if proof_for(locked, without_passkey=True) not in {Proof.ANSWERS, Proof.WAIT}:
        raise Refusal(Reason.RESET_OVER)
    recovery_start.put_off(locked)
    locked.save()
    events.record(Tag.RECOVERY_WAITS, actor=None, target=locked.user)
    emails.reset_waits(locked)


@transaction.atomic
def _prove(reset: PasswordReset, kind: str) -> str:
    locked, token = _locked(reset), sessions.new_token()
    locked.prove(
        kind=kind,
        browser_hash=sessions.hash_of(token),
        until=clock.now() + settings.RECOVERY_LINK_LIFETIME,
    )
    locked.save()
    events.record(Tag.RECOVERY_PROVEN, actor=None, target=locked.user, reason=kind)
    return token


def _locked(reset: PasswordReset) -> PasswordReset:
    """Lock person and recovery, in this order, and make sure that the link is still good."""
    User.objects.select_for_update().get(pk=reset.user_id)
    locked = (
        PasswordReset.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=reset.pk, link_number=reset.link_number, status=_STATUS.MAILED)
        .first()
    )
    if locked is None or not locked.is_good_for(clock.now()):
        raise Refusal(Reason.RESET_OVER)
    return locked
