"""Identity Verification from the questions to the result, and what the bureau can say instead."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from accounts.assurance import IAL
from accounts.models import ProofingAttempt, ProofingCase
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.proofing_walk import (
    INFORMATION,
    OVERVIEW,
    QUESTIONS,
    REQUEST,
    RESULT,
    Walk,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk() -> Walk:
    return Walk(cast.assister())


def test_every_question_has_to_be_answered(walk: Walk) -> None:
    walk.to_questions()
    sent = walk.answers()
    del sent["answer_3"]

    page = walk.client.post(QUESTIONS, sent)

    assert list(page.context["form"].errors) == ["answer_3"]
    assert page.context["form"]["answer_1"].value() == str(sent["answer_1"])


@pytest.mark.parametrize("choice", ["9", "-1", "x", "1e3", ""])
def test_a_choice_that_was_not_offered_is_no_answer(walk: Walk, choice: str) -> None:
    walk.to_questions()

    page = walk.client.post(QUESTIONS, {**walk.answers(), "answer_2": choice})

    assert list(page.context["form"].errors) == ["answer_2"]


def test_wrong_answers_lead_to_other_questions_then_to_the_result(walk: Walk) -> None:
    walk.to_questions()

    assert walk.answer(wrong=5)["Location"] == QUESTIONS
    assert "Here are other questions" in words(walk.client.get(QUESTIONS))
    assert walk.answer(wrong=5)["Location"] == RESULT
    page = words(walk.client.get(RESULT))
    assert "could not be proven online" in page
    assert "You can try once more." in page


def test_answers_sent_twice_count_once(walk: Walk) -> None:
    walk.to_questions()
    sent = walk.answers(wrong=5)
    walk.client.post(QUESTIONS, sent)

    assert walk.client.post(QUESTIONS, sent)["Location"] == RESULT
    assert ProofingAttempt.objects.get().fails == 1


def test_answers_to_somebody_elses_inquiry_change_nothing(walk: Walk) -> None:
    other = make.begin(cast.stranger())
    walk.to_questions()

    walk.client.post(QUESTIONS, {**walk.answers(), "attempt": other.pk})

    other.refresh_from_db()
    assert other.status == ProofingAttempt.Status.QUESTIONS
    walk.person.refresh_from_db()
    assert walk.person.ial == IAL.SELF_ASSERTED


def test_the_page_says_until_when(walk: Walk, moving: Any) -> None:
    walk.to_questions()
    moving.shift(timedelta(seconds=90))

    page = walk.client.get(QUESTIONS)

    assert 'data-countdown="210"' in words(page)
    moving.shift(settings.PROOFING_TIME)
    assert walk.client.get(QUESTIONS)["Location"] == RESULT
    assert "Not answered in time" in words(walk.client.get(RESULT))


@pytest.mark.parametrize(
    ("ssn", "said"),
    [
        (make.NOT_FOUND, "The bureau knows nobody like this"),
        (make.THIN_FILE, "The bureau knows too little for questions"),
        (make.TIMEOUT, "no try was counted"),
        (make.GARBAGE, "no try was counted"),
        (make.DOWN, "no try was counted"),
    ],
)
def test_each_failure_has_a_way_on(walk: Walk, ssn: str, said: str, settings: Any) -> None:
    if ssn == make.TIMEOUT:
        settings.PROOFING_TIMEOUT = timedelta(seconds=0.05)
    walk.client.get(OVERVIEW, {"next": REQUEST})
    walk.terms()

    assert walk.information(ssn=ssn)["Location"] == RESULT
    page = words(walk.client.get(RESULT))
    assert said in page
    assert "Try again" in page
    assert "Continue by phone" in page
    assert f'href="{REQUEST}"' in page
    walk.person.refresh_from_db()
    assert walk.person.ial == IAL.SELF_ASSERTED


def test_after_three_fails_only_the_case_is_left(walk: Walk) -> None:
    walk.terms()
    for _try in range(3):
        walk.information(ssn=make.NOT_FOUND)

    case = ProofingCase.objects.get()
    page = words(walk.client.get(RESULT))
    assert case.reference in page
    assert "Try again" not in page
    assert walk.client.get(INFORMATION)["Location"] == OVERVIEW
    assert walk.information()["Location"] == OVERVIEW
    assert ProofingAttempt.objects.count() == 3
    overview = words(walk.client.get(OVERVIEW))
    assert case.reference in overview
    assert "Your tries online are used up" in overview


def test_too_many_inquiries_are_said_in_the_form(walk: Walk, settings: Any) -> None:
    settings.PROOFING_INQUIRIES_A_DAY = 0
    walk.terms()

    assert "too often today" in words(walk.information())


def test_who_stops_is_told_what_it_costs_and_finds_the_questions_again(walk: Walk) -> None:
    walk.to_questions()
    page = words(walk.client.get(QUESTIONS))

    assert "Stop and come back later" in page
    assert "count as one of your tries" in page
    overview = walk.client.get(OVERVIEW).content.decode()
    assert "Go on with the questions" in overview
