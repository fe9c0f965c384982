"""The challenge questions: who is asked what, how answers are compared, and when they close."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections

import clock
from accounts import challenge_marks
from accounts.data.questions import QUESTIONS
from accounts.models import ThrottleCounter, User
from accounts.reasons import Reason
from accounts.services import challenge
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.challenge import ANSWERS, give_answers

pytestmark = pytest.mark.django_db

WRONG = dict.fromkeys(ANSWERS, "no such thing")


def check(user_id: str, answers: dict[str, str], **more: Any) -> User | str:
    """The person, or why not."""
    try:
        return challenge.check(user_id=user_id, answers=answers, address="198.51.100.7", **more)
    except Refusal as refusal:
        return refusal.reason


@pytest.fixture
def avery() -> User:
    """Somebody with three answers."""
    return give_answers(cast.assister())


def test_the_own_questions_are_shown_every_time(
    avery: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        codes = [question.code for question in challenge.questions_for("Assister.AVERY")]

    assert codes == list(ANSWERS)
    assert [question.code for question in challenge.questions_for(avery.user_id)] == codes


def test_an_unknown_id_has_three_stable_questions_of_its_own(
    django_assert_num_queries: Any,
) -> None:
    cast.stranger()
    with django_assert_num_queries(1):
        first = challenge.questions_for("nobody.here")

    assert challenge.questions_for(" NOBODY.here ") == first
    assert len({question.code for question in first}) == 3
    sets = {
        tuple(question.code for question in challenge.questions_for(f"nobody.{number}"))
        for number in range(30)
    }
    assert len(sets) > 20
    # Somebody without answers looks like somebody unknown.
    assert len(challenge.questions_for("stranger.sam")) == 3


def test_made_up_questions_are_shown_in_the_order_of_real_ones() -> None:
    order = [code for code, _words in QUESTIONS]
    for number in range(30):
        codes = [question.code for question in challenge.questions_for(f"nobody.{number}")]
        assert codes == sorted(codes, key=order.index)


def test_right_answers_are_right_in_any_spelling(avery: User) -> None:
    spelled = {
        "disliked_food": "  turnips WITH  cream!",
        "stuffed_animal": "Sérgeant-Buttons",
        "first_prize": "swimming, across the bay",
    }

    assert check(avery.user_id, spelled) == avery
    assert not ThrottleCounter.objects.filter(purpose="challenge_answers").exists()
    assert AuditEntry.objects.get().tag == "challenge:pass"


@pytest.mark.parametrize("question", list(ANSWERS))
@pytest.mark.parametrize("answer", ["wrong", "", "   "])
def test_one_wrong_answer_is_enough_to_refuse(avery: User, question: str, answer: str) -> None:
    assert check(avery.user_id, {**ANSWERS, question: answer}) == Reason.ANSWERS_WRONG


def test_missing_and_foreign_questions_do_not_help(avery: User) -> None:
    assert check(avery.user_id, {}) == Reason.ANSWERS_WRONG
    assert check(avery.user_id, {"athlete": "x", "artwork": "y"}) == Reason.ANSWERS_WRONG


@pytest.mark.parametrize(
    "state",
    [
        {"is_active": False},
        {"is_active": False, "frozen_at": clock.now()},
        {"is_active": False, "deactivated_at": clock.now(), "expired_at": clock.now()},
    ],
)
def test_a_shut_account_answers_like_a_wrong_one(state: dict[str, Any]) -> None:
    user = give_answers(cast.assister(**state))

    assert check(user.user_id, ANSWERS) == Reason.ANSWERS_WRONG


def test_an_expired_account_may_answer() -> None:
    user = give_answers(cast.assister(is_active=False, expired_at=clock.now()))

    assert check(user.user_id, ANSWERS) == user
    assert check(user.user_id, ANSWERS, signed_in=True) == Reason.ANSWERS_WRONG


def test_three_wrong_tries_close_the_questions_for_a_day(
    avery: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert check(avery.user_id, WRONG) == Reason.ANSWERS_WRONG
    closed_at = clock.now()

    assert check(avery.user_id, ANSWERS) == Reason.ANSWERS_WRONG
    assert AuditEntry.objects.filter(tag="challenge:close", target_id=str(avery.pk)).count() == 1
    assert [mail.name for mail in OutboxMessage.objects.all()] == ["account_questions_closed"]

    monkeypatch.setattr(clock, "now", lambda: closed_at + timedelta(hours=23, minutes=59))
    assert check(avery.user_id, ANSWERS) == Reason.ANSWERS_WRONG
    monkeypatch.setattr(clock, "now", lambda: closed_at + timedelta(hours=24, seconds=1))
    assert check(avery.user_id, ANSWERS) == avery


def test_a_success_forgets_the_failures_before(avery: User) -> None:
    for _ in range(3):
        check(avery.user_id, WRONG)
        check(avery.user_id, WRONG)
        assert check(avery.user_id, ANSWERS) == avery


def test_strangers_do_not_close_the_questions_of_the_person_signed_in(avery: User) -> None:
    for _ in range(4):
        check(avery.user_id, WRONG)

    assert check(avery.user_id, ANSWERS, signed_in=True) == avery


def test_unknown_people_are_counted_and_never_told(avery: User) -> None:
    for _ in range(4):
        assert check("nobody.here", ANSWERS) == Reason.ANSWERS_WRONG

    assert not OutboxMessage.objects.exists()
    assert check(avery.user_id, ANSWERS) == avery


def test_one_address_does_not_try_for_ever(avery: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenge, "TRIES_PER_ADDRESS", 1)
    check("nobody.here", WRONG)

    assert check(avery.user_id, ANSWERS) == Reason.TOO_MANY_FROM_ADDRESS


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(0..number-1)`` in threads that start together."""
    barrier = Barrier(number)

    def run(index: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_of_fifty_tries_at_once_three_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    user = give_answers(cast.assister())

    outcomes = at_once(50, lambda _index: check(user.user_id, WRONG))

    assert outcomes == [Reason.ANSWERS_WRONG] * 50
    judged = AuditEntry.objects.filter(tag="challenge:fail", reason="failed").count()
    assert judged == 3
    assert AuditEntry.objects.filter(tag="challenge:close").count() == 1
    assert OutboxMessage.objects.count() == 1


def test_a_mark_is_good_for_one_person_one_purpose_and_ten_minutes(
    avery: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: SessionBase = SessionStore()
    challenge_marks.keep(session, avery, "profile")
    kept_at = clock.now()

    assert challenge_marks.holds(session, avery, "profile")
    assert not challenge_marks.holds(session, avery, "device")
    assert not challenge_marks.holds(session, cast.stranger(), "profile")
    monkeypatch.setattr(clock, "now", lambda: kept_at + timedelta(minutes=10, seconds=1))
    assert not challenge_marks.holds(session, avery, "profile")


def test_a_mark_ends_with_a_change_of_the_account_and_can_be_dropped(avery: User) -> None:
    session: SessionBase = SessionStore()
    challenge_marks.keep(session, avery, "profile")
    challenge_marks.keep(session, avery, "device")

    challenge_marks.drop(session, "device")
    assert not challenge_marks.holds(session, avery, "device")
    assert challenge_marks.holds(session, avery, "profile")
    avery.security_version += 1
    assert not challenge_marks.holds(session, avery, "profile")
