"""Asks the challenge questions: a right answer opens the next step and nothing else.

Usage elsewhere: show ``questions_for(user_id)``, give the answers to ``check``, keep what it allows
with ``accounts.challenge_marks``. When ``is_enabled()`` is False, leave the step out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string, salted_hmac

from accounts import answers as challenge_answers
from accounts import emails_recovery as emails
from accounts import text
from accounts.audit_tags import Tag
from accounts.data.questions import QUESTIONS, REQUIRED_ANSWERS
from accounts.models import ChallengeAnswer, User
from accounts.reasons import Reason
from accounts.services import failures, throttle
from accounts.services.throttle import Bucket, Purpose, Reservation
from accounts.verdicts import Refusal
from audit import events

TRIES_PER_ADDRESS = 60
_HOUR = timedelta(hours=1)
_PLACE = {code: number for number, (code, _words) in enumerate(QUESTIONS)}
_WORDS = dict(QUESTIONS)


@dataclass(frozen=True)
class Question:
    """One question as it is shown."""

    code: str
    words: Any


def is_enabled() -> bool:
    """Whether the portal asks challenge questions at all (``CHALLENGE_QUESTIONS_ENABLED``)."""
    return bool(settings.CHALLENGE_QUESTIONS_ENABLED)


def questions_for(user_id: str) -> list[Question]:
    """The three questions of a person, the same every time; for an unknown ID a made-up set.

    One query for everybody. Nothing tells the made-up sets from real ones: they depend on the
    User ID and a secret of the portal.
    """
    codes = list(
        ChallengeAnswer.objects.filter(
            user__user_id_key=text.key(user_id), question__in=_PLACE
        ).values_list("question", flat=True)
    )
    if len(codes) != REQUIRED_ANSWERS:
        codes = _made_up(user_id)
    return [Question(code, _WORDS[code]) for code in sorted(codes, key=_PLACE.__getitem__)]


def _made_up(user_id: str) -> list[str]:
    key = text.key(user_id).encode(errors="replace").hex()
    seed = salted_hmac("accounts.challenge.questions", key, algorithm="sha256").hexdigest()
    return Random(seed).sample(list(_PLACE), REQUIRED_ANSWERS)  # noqa: S311 - keyed by a secret


def check(
    *, user_id: str, answers: Mapping[str, str], address: str, signed_in: bool = False
) -> User:
    """Judge all three answers, by question code; returns the person when every one is right.

    Each try is counted before it is judged; the third wrong one closes the questions of this
    account for a day, apart for visitors and for the person signed in. Three hashes are computed
    for everybody. Raises ``Refusal`` ANSWERS_WRONG, the same for wrong, closed and unknown, or
    TOO_MANY_FROM_ADDRESS. Must not run in a longer transaction.
    """
    if not throttle.is_allowed(
        Bucket(Purpose.CHALLENGE_ADDRESS, address, TRIES_PER_ADDRESS, _HOUR, _HOUR)
    ):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    user = User.objects.filter(user_id_key=text.key(user_id)).first()
    bucket = account_bucket(user_id, signed_in=signed_in)
    place = throttle.reserve([bucket])[bucket.purpose]
    stored = list(ChallengeAnswer.objects.filter(user=user)) if user else []
    is_right = _are_right(stored, answers)
    if user is None or not is_right or not place.is_open or not _may_answer(user, signed_in):
        _record_failure(user, place)
        raise Refusal(Reason.ANSWERS_WRONG)
    _record_success(user, bucket)
    return user


def account_bucket(user_id: str, *, signed_in: bool) -> Bucket:
    """The counter of wrong answers; strangers cannot close it for the person signed in."""
    return Bucket(
        Purpose.CHALLENGE_ANSWERS,
        f"{text.key(user_id)}:{'signed-in' if signed_in else ''}",
        settings.CHALLENGE_FAILURE_LIMIT,
        settings.CHALLENGE_LOCK,
        settings.CHALLENGE_LOCK,
    )


def _may_answer(user: User, signed_in: bool) -> bool:
    return user.is_active if signed_in else user.may_recover


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """A hash no answer has, as costly to check as a real one."""
    return challenge_answers.make_hash(get_random_string(40))


def _are_right(stored: Sequence[ChallengeAnswer], given: Mapping[str, str]) -> bool:
    """Compare all three, also after a wrong one, so that the time tells nothing."""
    hashes = {row.question: row.hash for row in stored}
    codes = (list(hashes) + [""] * REQUIRED_ANSWERS)[:REQUIRED_ANSWERS]
    results = []
    for code in codes:
        answer = given.get(code, "")[: challenge_answers.MAXIMUM_LENGTH]
        is_right = challenge_answers.matches(answer, hashes.get(code) or _dummy_hash())
        results.append(is_right and bool(challenge_answers.squeezed(answer)))
    return len(hashes) == REQUIRED_ANSWERS and all(results)


@transaction.atomic
def _record_success(user: User, bucket: Bucket) -> None:
    throttle.clear(bucket)
    events.record(Tag.CHALLENGE_PASSED, actor=None, target=user)


def _record_failure(user: User | None, place: Reservation) -> None:
    failures.record(
        user=user,
        place=place,
        failed=Tag.CHALLENGE_FAILED,
        closed=Tag.CHALLENGE_CLOSED,
        tell=emails.questions_closed if user is not None and user.may_recover else None,
    )
