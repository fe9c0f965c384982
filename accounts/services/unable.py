"""Gets a One-Time Security Code to somebody who cannot reach their device."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction

import clock
from accounts import text
from accounts.models import SecurityCode, User
from accounts.reasons import Reason
from accounts.services import challenge, codes, throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal

_HOUR = timedelta(hours=1)


def send_code(*, user_id: str, answers: Mapping[str, str], address: str) -> None:
    """Mail a code to the address in the profile of somebody whose answers are right.

    Nothing is sent to people without a device: their password is enough. Where the questions are
    switched off, whoever asks gets the same answer, and only the owner of the address the code.
    Raises ``Refusal`` ANSWERS_WRONG or TOO_MANY_FROM_ADDRESS.
    """
    if challenge.is_enabled():
        user: User | None = challenge.check(user_id=user_id, answers=answers, address=address)
    else:
        user = _unasked(user_id, address)
    if user is not None and user.has_mfa:
        _issue(user)


@transaction.atomic
def _issue(user: User) -> None:
    """Mail a code, unless as many as allowed were mailed within the hour."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    lately = SecurityCode.objects.filter(
        user=user, kind=SecurityCode.Kind.ONE_TIME, created_at__gt=clock.now() - _HOUR
    )
    if lately.count() < settings.SECURITY_CODES_PER_HOUR:
        codes.issue_one_time(user=user)


def _unasked(user_id: str, address: str) -> User | None:
    bucket = Bucket(Purpose.CHALLENGE_ADDRESS, address, challenge.TRIES_PER_ADDRESS, _HOUR, _HOUR)
    if not throttle.is_allowed(bucket):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    return User.objects.filter(user_id_key=text.key(user_id), is_active=True).first()
