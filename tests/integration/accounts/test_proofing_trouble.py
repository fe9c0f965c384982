"""Proving an identity when the bureau is slow, broken or away, or the time runs out."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from accounts.assurance import IAL
from accounts.models import ProofingAttempt, User
from accounts.proofing import breaker, calls, simulated
from accounts.proofing.provider import Trouble
from accounts.reasons import Reason
from accounts.services import proofing
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.proofing_traces_left import refusal_of, tags

pytestmark = pytest.mark.django_db
Status = ProofingAttempt.Status
Cause = ProofingAttempt.Cause


@pytest.fixture
def person() -> User:
    """Somebody who is not proven yet."""
    return cast.assister()


@pytest.mark.parametrize(
    ("ssn", "cause"),
    [
        (make.TIMEOUT, Cause.TIMEOUT),
        (make.GARBAGE, Cause.GARBAGE),
        (make.DOWN, Cause.DOWN),
    ],
)
def test_trouble_neither_proves_nor_counts(
    person: User, ssn: str, cause: str, settings: Any
) -> None:
    patience = settings.PROOFING_TIMEOUT
    if ssn == make.TIMEOUT:
        settings.PROOFING_TIMEOUT = timedelta(seconds=0.05)
    attempt = make.begin(person, ssn)
    settings.PROOFING_TIMEOUT = patience

    person.refresh_from_db()
    assert (attempt.status, attempt.cause, attempt.fails) == (Status.TROUBLE, cause, 0)
    assert person.ial == IAL.SELF_ASSERTED
    assert tags() == ["proofing:start", "proofing:trouble"]
    assert make.begin(person).status == Status.QUESTIONS


_REPLIES: list[Any] = [
    None,
    True,
    "passed",
    {},
    {"result": True},
    {"result": "passed"},
    {"result": "PASSED", "reference": "same"},
    {"result": "passed ", "reference": "same"},
    {"result": ["passed"], "reference": "same"},
    {"result": "passed", "reference": "other"},
    {"result": "passed", "reference": None},
    {"passed": True, "reference": "same"},
]


@pytest.mark.parametrize("reply", _REPLIES)
def test_nothing_but_a_clear_yes_is_a_yes(
    person: User, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make.begin(person)
    if isinstance(reply, dict) and reply.get("reference") == "same":
        reply = {**reply, "reference": attempt.reference}
    right = make.choices(attempt)
    monkeypatch.setattr(simulated.SimulatedBureau, "answer", lambda *_anything: reply)

    attempt = proofing.answer(user=person, attempt_id=attempt.pk, set_number=1, choices=right)

    person.refresh_from_db()
    assert (attempt.status, attempt.cause) == (Status.TROUBLE, Cause.GARBAGE)
    assert (person.ial, attempt.fails) == (IAL.SELF_ASSERTED, 0)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ConnectionResetError(), Cause.DOWN),
        (TimeoutError(), Cause.TIMEOUT),
        (ZeroDivisionError("900550101"), Cause.GARBAGE),
    ],
)
def test_a_broken_adapter_is_trouble_and_its_words_stay_unsaid(
    person: User,
    error: Exception,
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_anything: object) -> None:
        raise error

    monkeypatch.setattr(simulated.SimulatedBureau, "start", broken)

    attempt = make.begin(person)

    assert attempt.cause == cause
    assert "900550101" not in caplog.text
    assert cause in caplog.text


def test_trouble_while_the_questions_are_shown_ends_the_inquiry_without_a_fail(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make.begin(person)
    monkeypatch.setattr(simulated.SimulatedBureau, "questions", lambda *_anything: {"questions": 5})

    with pytest.raises(Trouble):
        proofing.questions(attempt=attempt)

    attempt.refresh_from_db()
    assert (attempt.status, attempt.fails) == (Status.TROUBLE, 0)


def test_after_troubles_in_a_row_nobody_waits_for_the_bureau(
    person: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _call in range(settings.PROOFING_TROUBLES_IN_A_ROW):
        make.begin(person, make.DOWN)
    asked: list[object] = []
    monkeypatch.setattr(
        simulated.SimulatedBureau, "start", lambda _self, applicant: asked.append(applicant)
    )

    assert make.begin(person).cause == Cause.DOWN
    assert asked == []


def test_a_slow_bureau_holds_a_few_threads_and_no_more(settings: Any) -> None:
    settings.PROOFING_PATIENCE = timedelta(seconds=0.05)
    settings.PROOFING_TROUBLES_IN_A_ROW = settings.PROOFING_AT_ONCE + 1
    asked, answer = threading.Semaphore(0), threading.Event()

    class Slow(simulated.SimulatedBureau):
        def questions(self, reference: str, set_number: int) -> dict[str, Any]:
            asked.release()
            answer.wait(10)
            raise OSError

    causes = []

    def ask() -> None:
        with pytest.raises(Trouble) as trouble:
            calls.questions("reference", 1)
        causes.append(trouble.value.cause)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "provider", Slow)
        waiting = [threading.Thread(target=ask) for _ in range(settings.PROOFING_AT_ONCE)]
        for thread in waiting:
            thread.start()
        for _thread in waiting:
            assert asked.acquire(timeout=10)
        for _more in range(5):
            ask()
        assert not asked.acquire(blocking=False)
        assert not breaker.is_open()
        answer.set()
        for thread in waiting:
            thread.join(10)
        assert causes == [Cause.DOWN] * (settings.PROOFING_AT_ONCE + 5)
        ask()  # a line is free again
        assert asked.acquire(blocking=False)


def test_a_success_forgets_the_troubles_before(person: User, settings: Any) -> None:
    for _call in range(settings.PROOFING_TROUBLES_IN_A_ROW - 1):
        make.begin(person, make.DOWN)
    make.begin(person, make.THIN_FILE)
    make.begin(person, make.DOWN)

    assert make.begin(person).status == Status.QUESTIONS


def test_the_bureau_is_asked_again_after_the_pause(person: User, settings: Any) -> None:
    settings.PROOFING_PAUSE = timedelta(seconds=1)
    settings.PROOFING_TROUBLES_IN_A_ROW = 1
    make.begin(person, make.DOWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.proofing.breaker.is_open", lambda: False)

        assert make.begin(person).status == Status.QUESTIONS


def test_without_a_bureau_nobody_is_asked(person: User, settings: Any) -> None:
    settings.PROOFING_PROVIDER = ""

    assert refusal_of(lambda: make.begin(person)) == Reason.PROOFING_OFFLINE


def test_answers_after_the_time_count_as_a_fail(person: User, moving: Any) -> None:
    attempt = make.begin(person)
    right = make.choices(attempt)
    moving.shift(settings.PROOFING_TIME)

    refused = refusal_of(
        lambda: proofing.answer(user=person, attempt_id=attempt.pk, set_number=1, choices=right)
    )

    attempt.refresh_from_db()
    assert refused == Reason.QUESTIONS_OVER
    assert (attempt.status, attempt.cause, attempt.fails) == (Status.FAILED, Cause.TIME_OVER, 1)
    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED


def test_answers_in_the_last_second_count(person: User, moving: Any) -> None:
    attempt = make.begin(person)
    moving.shift(settings.PROOFING_TIME - timedelta(seconds=1))

    assert make.answer(person, attempt).status == Status.PASSED


def test_the_sweep_ends_what_nobody_came_back_to_and_only_once(person: User, moving: Any) -> None:
    make.begin(person)
    assert proofing.sweep() == 0
    moving.shift(settings.PROOFING_TIME)

    assert (proofing.sweep(), proofing.sweep()) == (1, 0)
    assert tags()[-1] == "proofing:fail"


def test_a_check_that_was_cut_off_counts_nothing(person: User, moving: Any) -> None:
    attempt = make.begin(person)
    ProofingAttempt.objects.filter(pk=attempt.pk).update(status=Status.CHECKING, fails=1)
    moving.shift(timedelta(minutes=6))

    standing = proofing.standing(person)

    assert standing.attempt is not None
    assert (standing.attempt.cause, standing.fails) == (Cause.INTERRUPTED, 0)
