"""Many tries at once: each is counted before it is judged, and one answer is judged once."""

from collections import Counter
from typing import Any

import pytest

from accounts.assurance import IAL
from accounts.models import ProofingAttempt, ProofingCase
from accounts.proofing import breaker, simulated
from accounts.reasons import Reason
from accounts.services import proofing
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.test_sign_in_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


def test_right_answers_sent_at_once_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    person = cast.assister()
    attempt = make.begin(person)
    right = make.choices(attempt)
    judged: list[Any] = []
    real = simulated.SimulatedBureau.answer

    def counting(self: Any, *arguments: Any) -> Any:
        judged.append(arguments)
        return real(self, *arguments)

    monkeypatch.setattr(simulated.SimulatedBureau, "answer", counting)

    results = at_once(
        MANY,
        lambda _number: proofing.answer(
            user=person, attempt_id=attempt.pk, set_number=1, choices=right
        ),
    )

    assert len(judged) == 1
    assert results.count(Reason.QUESTIONS_OVER) == MANY - 1
    person.refresh_from_db()
    assert person.ial == IAL.PROOFED
    assert AuditEntry.objects.filter(tag="proofing:pass").count() == 1
    assert OutboxMessage.objects.filter(name="proofing_passed").count() == 1


def test_guesses_sent_at_once_are_judged_once() -> None:
    person = cast.assister()
    attempt = make.begin(person)
    guesses = [[number % 5, *make.choices(attempt, wrong=5)[1:]] for number in range(MANY)]

    at_once(
        MANY,
        lambda number: proofing.answer(
            user=person, attempt_id=attempt.pk, set_number=1, choices=guesses[number]
        ),
    )

    attempt.refresh_from_db()
    assert (attempt.set_number, attempt.fails) == (2, 1)


def test_inquiries_begun_at_once_are_one(settings: Any) -> None:
    settings.PROOFING_INQUIRIES_A_DAY = 100
    person = cast.assister()

    results = at_once(MANY, lambda _number: make.begin(person))

    assert Counter(map(type, results))[ProofingAttempt] == 1
    assert results.count(Reason.PROOFING_UNDER_WAY) == MANY - 1


def test_never_more_than_three_fails(settings: Any) -> None:
    settings.PROOFING_INQUIRIES_A_DAY = 100
    person = cast.assister()

    def keep_trying(_number: int) -> None:
        for _try in range(3):
            make.begin(person, make.NOT_FOUND)

    at_once(8, keep_trying)
    for _try in range(settings.PROOFING_FAIL_LIMIT):
        at_once(1, lambda _number: make.begin(person, make.NOT_FOUND))

    assert ProofingAttempt.objects.filter(user=person).count() == settings.PROOFING_FAIL_LIMIT
    assert ProofingCase.objects.filter(user=person).count() == 1


def test_those_who_waited_together_open_the_circuit_together(settings: Any) -> None:
    """They fail in the same moment, and each of them counts."""
    for _round in range(10):
        breaker.note_success()

        at_once(settings.PROOFING_TROUBLES_IN_A_ROW - 1, lambda _number: breaker.note_trouble())
        assert not breaker.is_open()
        breaker.note_trouble()
        assert breaker.is_open()
