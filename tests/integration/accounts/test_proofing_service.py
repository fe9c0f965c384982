"""Proving an identity online: each answer of the bureau, the tries, the limits."""

from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

import clock
from accounts.assurance import IAL
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.reasons import Reason
from accounts.services import proofing, proofing_cases
from audit.models import AuditEntry
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.proofing_traces_left import mails, refusal_of, tags

pytestmark = pytest.mark.django_db
Status = ProofingAttempt.Status
Cause = ProofingAttempt.Cause


@pytest.fixture
def person() -> User:
    """Somebody who is not proven yet."""
    return cast.assister()


def test_right_answers_prove_the_person(person: User) -> None:
    attempt = make.begin(person)
    assert (attempt.status, attempt.set_number, attempt.fails) == (Status.QUESTIONS, 1, 0)

    attempt = make.answer(person, attempt)

    person.refresh_from_db()
    assert attempt.status == Status.PASSED
    assert (person.ial, person.proofed_at) == (IAL.PROOFED, attempt.finished_at)
    assert tags() == ["proofing:start", "proofing:ask", "proofing:pass"]
    assert mails() == ["proofing_passed"]
    assert proofing_cases.fails_of(person.pk) == 0


def test_the_result_is_in_the_log_with_the_bureaus_reference(person: User) -> None:
    attempt = make.answer(person, make.begin(person))

    entry = AuditEntry.objects.get(tag="proofing:pass")
    assert attempt.reference
    assert entry.before == {"ial": 1}
    assert entry.after == {
        "ial": 2,
        "provider": "simulated",
        "reference": attempt.reference,
        "status": "passed",
        "set": 1,
        "fails": 0,
    }


@pytest.mark.parametrize(("wrong", "status"), [(1, Status.PASSED), (2, Status.QUESTIONS)])
def test_one_wrong_answer_is_forgiven(person: User, wrong: int, status: str) -> None:
    attempt = make.answer(person, make.begin(person), wrong=wrong)

    assert attempt.status == status


def test_somebody_proven_is_not_asked_again(person: User) -> None:
    make.answer(person, make.begin(person))
    person.refresh_from_db()

    assert refusal_of(lambda: make.begin(person)) == Reason.PROOFED_ALREADY
    assert ProofingAttempt.objects.count() == 1


def test_wrong_answers_open_another_set_once(person: User) -> None:
    first = make.begin(person)
    asked = proofing.questions(attempt=first)

    second = make.answer(person, first, wrong=2)

    assert (second.status, second.set_number, second.fails) == (Status.QUESTIONS, 2, 1)
    assert not {one.text for one in asked} & {
        one.text for one in proofing.questions(attempt=second)
    }
    third = make.answer(person, second, wrong=5)
    assert (third.status, third.cause, third.fails) == (Status.FAILED, Cause.WRONG_ANSWERS, 2)
    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED
    assert mails() == ["proofing_failed"]


def test_the_second_set_can_be_passed(person: User) -> None:
    attempt = make.answer(person, make.begin(person), wrong=3)

    assert make.answer(person, attempt).status == Status.PASSED


def test_the_identity_that_fails_fails_with_right_answers(person: User) -> None:
    attempt = make.begin(person, make.FAILS_QUESTIONS)
    for _set in range(settings.PROOFING_SETS):
        right = make.choices(attempt, ssn=make.FAILS_QUESTIONS)
        attempt = proofing.answer(
            user=person, attempt_id=attempt.pk, set_number=attempt.set_number, choices=right
        )

    assert attempt.status == Status.FAILED


@pytest.mark.parametrize(
    ("ssn", "cause"),
    [
        (make.NOT_FOUND, Cause.NOT_FOUND),
        ("987654320", Cause.NOT_FOUND),
        (make.THIN_FILE, Cause.THIN_FILE),
    ],
)
def test_a_person_the_bureau_does_not_know_is_not_proven(
    person: User, ssn: str, cause: str
) -> None:
    attempt = make.begin(person, ssn)

    assert (attempt.status, attempt.cause, attempt.fails) == (Status.FAILED, cause, 1)
    person.refresh_from_db()
    assert person.ial == IAL.SELF_ASSERTED
    for number in (0, 1):
        assert _answer_blindly(person, attempt, number) == Reason.QUESTIONS_OVER


def _answer_blindly(person: User, attempt: ProofingAttempt, number: int) -> str:
    return refusal_of(
        lambda: proofing.answer(
            user=person, attempt_id=attempt.pk, set_number=number, choices=[0] * 5
        )
    )


def test_three_fails_close_the_door_and_open_a_case(person: User) -> None:
    for _try in range(settings.PROOFING_FAIL_LIMIT):
        make.begin(person, make.NOT_FOUND)

    assert refusal_of(lambda: make.begin(person)) == Reason.PROOFING_LOCKED
    case = ProofingCase.objects.get(user=person)
    assert (case.status, case.cause) == (ProofingCase.Status.PHONE, ProofingCase.Cause.FAILED)
    assert mails() == ["proofing_failed", "proofing_failed", "proofing_case_opened"]
    assert tags()[-2:] == ["proofing:fail", "proofing_case:open"]


def test_the_third_fail_leaves_no_second_set(person: User) -> None:
    make.begin(person, make.NOT_FOUND)
    make.begin(person, make.NOT_FOUND)

    attempt = make.answer(person, make.begin(person), wrong=5)

    assert attempt.status == Status.FAILED
    assert proofing.standing(person).tries_left == 0


def test_only_ten_inquiries_a_day(person: User, settings: Any) -> None:
    settings.PROOFING_TROUBLES_IN_A_ROW = 100
    for _inquiry in range(settings.PROOFING_INQUIRIES_A_DAY):
        make.begin(person, make.DOWN)

    assert refusal_of(lambda: make.begin(person)) == Reason.TOO_MANY_INQUIRIES


def test_nobody_answers_for_somebody_else(person: User) -> None:
    attempt = make.begin(person)

    with pytest.raises(ProofingAttempt.DoesNotExist):
        make.answer(cast.stranger(), attempt)


def test_a_set_is_judged_once(person: User) -> None:
    attempt = make.begin(person)
    right = make.choices(attempt)
    make.answer(person, attempt, wrong=2)

    again = refusal_of(
        lambda: proofing.answer(user=person, attempt_id=attempt.pk, set_number=1, choices=right)
    )

    assert again == Reason.QUESTIONS_OVER


def test_one_inquiry_at_a_time(person: User) -> None:
    make.begin(person)

    assert refusal_of(lambda: make.begin(person)) == Reason.PROOFING_UNDER_WAY
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofingAttempt.objects.create(
            user=person,
            provider="simulated",
            due_at=clock.now(),
            terms_accepted_at=clock.now(),
            created_at=clock.now(),
        )


def test_a_closed_account_asks_nothing(person: User) -> None:
    person.deactivate(at=clock.now(), reason="left")
    person.save()

    assert refusal_of(lambda: make.begin(person)) == Reason.NOT_ALLOWED


def test_questions_stay_the_same_while_they_are_open(person: User) -> None:
    attempt = make.begin(person)

    assert proofing.questions(attempt=attempt) == proofing.questions(attempt=attempt)
    other = make.begin(cast.stranger())
    assert proofing.questions(attempt=attempt) != proofing.questions(attempt=other)


def test_where_somebody_stands_takes_three_statements(
    person: User, django_assert_num_queries: Any
) -> None:
    make.begin(person)

    with django_assert_num_queries(3):
        proofing.standing(person)
