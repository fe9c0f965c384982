"""Asks somebody who is signed in for password and second factor again, before something grave."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

import clock
from accounts import assurance, passwords
from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.factors import NO_FACTOR, Factor
from accounts.models import MFADevice, PortalSession, User
from accounts.reasons import Reason
from accounts.services import devices, passkeys, second_factor, throttle
from accounts.services.second_factor import Choice
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events


def step_up(
    *, user: User, session: PortalSession, password: str, choice: Choice, code: str
) -> Factor:
    """Judge both factors and note in the session that they were shown now.

    Those whose work demands a strong factor and who have one must show it here. Raises
    ``Refusal`` STEP_UP_REFUSED for a wrong password or too many of them, STRONG_FACTOR_NEEDED,
    SECOND_FACTOR_REFUSED.
    """
    check_own_password(user=user, password=password)
    factor = NO_FACTOR
    if user.has_mfa:
        if assurance.must_be_strong(user) and Strength.of_kind(choice.kind) < Strength.STRONG:
            raise Refusal(Reason.STRONG_FACTOR_NEEDED)
        factor = second_factor.verify(user=user, choice=choice, code=code)
    note(user=user, session=session, factor=factor)
    return factor


def step_up_with_passkey(
    *, user: User, session: PortalSession, password: str, state: dict[str, Any], answer: str
) -> Factor:
    """The same with a passkey in the place of a code.

    Raises ``Refusal`` STEP_UP_REFUSED or PASSKEY_REFUSED.
    """
    check_own_password(user=user, password=password)
    factor = passkeys.verify(user=user, state=state, answer=answer)
    note(user=user, session=session, factor=factor)
    return factor


def check_own_password(*, user: User, password: str) -> None:
    """Judge the password of somebody who is signed in; five wrong ones close this for an hour.

    Raises ``Refusal`` STEP_UP_REFUSED.
    """
    counter = Bucket(
        Purpose.PASSWORD_KNOWN,
        f"step_up:{user.pk}",
        settings.SIGN_IN_FAILURE_LIMIT,
        settings.SIGN_IN_FAILURE_WINDOW,
        settings.SIGN_IN_LOCK,
    )
    is_open = throttle.reserve([counter])[counter.purpose].is_open
    if not (
        is_open and passwords.is_storable(password) and check_password(password, user.password)
    ):
        events.record(
            Tag.STEP_UP,
            actor=user,
            target=user,
            outcome="refused",
            reason="failed" if is_open else "not_evaluated",
        )
        raise Refusal(Reason.STEP_UP_REFUSED)
    throttle.clear(counter)


@transaction.atomic
def note(*, user: User, session: PortalSession, factor: Factor) -> None:
    """Write into the session which factor was shown, and that it was now."""
    session.verified_at = clock.now()
    session.strength = factor.strength
    session.aal = factor.strength.aal
    session.device_id, session.factor = factor.device_id, factor.kind
    session.save(update_fields=["verified_at", "strength", "aal", "device", "factor"])
    events.record(Tag.STEP_UP, actor=user, target=session, reason=factor.kind)


def devices_for(user: User) -> list[MFADevice]:
    """The devices this person may use here."""
    found = devices.confirmed_for(user)
    if not assurance.must_be_strong(user):
        return found
    return [device for device in found if device.strength >= Strength.STRONG]
