"""The pages of Identity Verification, step by step, and back to where the person came from."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

import clock
from accounts.assurance import IAL
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.proofing import files, simulated
from tests import cast
from tests.factories import proofing as make

pytestmark = pytest.mark.django_db

OVERVIEW = reverse("accounts:proofing")
TERMS = reverse("accounts:proofing_terms")
INFORMATION = reverse("accounts:proofing_information")
QUESTIONS = reverse("accounts:proofing_questions")
RESULT = reverse("accounts:proofing_result")
CASE = reverse("accounts:proofing_case")
IDENTITIES = reverse("accounts:proofing_identities")
REQUEST = "/catalog/zone/request/?role=end-user"

TYPED = {
    "first_name": "Avery",
    "middle_name": "",
    "last_name": "Assister",
    "suffix": "",
    "ssn": "900-55-0101",
    "date_of_birth": "05/17/1984",
    "address_line_1": "12 Quay Street",
    "address_line_2": "",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "zip_extension": "",
    "phone": "410-555-0142",
}


class Walk:
    """Somebody on the way through the pages."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.client: Client = cast.client_of(person)

    def terms(self) -> Any:
        """Agree."""
        return self.client.post(TERMS, {"agree": "on"})

    def information(self, **changes: str) -> Any:
        """Type everything."""
        return self.client.post(INFORMATION, {**TYPED, **changes})

    def to_questions(self, **changes: str) -> Any:
        """Come as far as the questions."""
        self.terms()
        answer = self.information(**changes)
        assert answer.status_code == 302, answer.context["form"].errors
        return answer

    def answers(self, *, wrong: int = 0) -> dict[str, Any]:
        """What the form sends when that many answers are wrong."""
        attempt = ProofingAttempt.objects.filter(user=self.person).latest("created_at")
        chosen = make.choices(attempt, wrong=wrong)
        return {
            "attempt": attempt.pk,
            "set_number": attempt.set_number,
            **{f"answer_{number}": choice for number, choice in enumerate(chosen, start=1)},
        }

    def answer(self, *, wrong: int = 0) -> Any:
        """Send the answers."""
        return self.client.post(QUESTIONS, self.answers(wrong=wrong))


@pytest.fixture
def walk() -> Walk:
    return Walk(cast.assister())


@pytest.fixture
def moving() -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- The way through ---


def test_the_whole_way_leads_back_to_the_request(walk: Walk) -> None:
    page = walk.client.get(OVERVIEW, {"next": REQUEST})
    assert "Identity Verification" in words(page)
    assert f'href="{REQUEST}"' in words(page)

    assert walk.terms()["Location"] == INFORMATION
    assert walk.information()["Location"] == QUESTIONS
    page = walk.client.get(QUESTIONS)
    assert page.content.decode().count("<fieldset") == settings.PROOFING_QUESTIONS
    assert walk.answer()["Location"] == RESULT

    page = walk.client.get(RESULT)
    assert "Your identity is proven" in words(page)
    assert f'href="{REQUEST}"' in words(page)
    walk.person.refresh_from_db()
    assert walk.person.ial == IAL.PROOFED


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil", "javascript:alert(1)"]
)
def test_the_way_back_stays_in_the_portal(walk: Walk, wanted: str) -> None:
    page = walk.client.get(OVERVIEW, {"next": wanted})

    assert "evil" not in words(page)
    assert "javascript:" not in words(page)


def test_the_form_is_filled_from_the_account_but_for_the_two_secrets(walk: Walk) -> None:
    User.objects.filter(pk=walk.person.pk).update(city="Annapolis", zip_code="21401")
    walk.terms()

    form = walk.client.get(INFORMATION).context["form"]

    assert form["first_name"].value() == "Avery"
    assert form["city"].value() == "Annapolis"
    assert form["ssn"].value() is form["date_of_birth"].value() is None


def test_what_is_secret_never_comes_back_onto_the_page(walk: Walk) -> None:
    walk.terms()

    page = walk.information(zip_code="abc", ssn="912-73-8465", date_of_birth="02/29/1956")

    assert page.status_code == 200
    assert "12 Quay Street" in words(page)
    for secret in ("912-73-8465", "912738465", "02/29/1956", "1956-02-29"):
        assert secret not in words(page)


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"ssn": "12345"}, "ssn", "nine digits"),
        ({"ssn": "078-05-1120"}, "ssn", "could be somebody"),
        ({"ssn": ""}, "ssn", "required"),
        ({"date_of_birth": "1984"}, "date_of_birth", "month/day/year"),
        ({"date_of_birth": "05/17/2015"}, "date_of_birth", "at least 18"),
        ({"first_name": "Ava"}, "first_name", "Your account says Avery"),
        ({"last_name": "Smith"}, "last_name", "Your account says Assister"),
        ({"state": "ZZ"}, "state", "valid choice"),
    ],
)
def test_wrong_input_is_explained_and_no_bureau_asked(
    walk: Walk, change: dict[str, str], where: str, said: str
) -> None:
    walk.terms()

    page = walk.information(**change)

    assert said in str(page.context["form"].errors[where])
    assert not ProofingAttempt.objects.exists()


@pytest.mark.parametrize("first_name", ["AVERY", " avery ", "Avery\u200b"])
def test_another_spelling_is_the_same_name(walk: Walk, first_name: str) -> None:
    walk.terms()

    assert walk.information(first_name=first_name)["Location"] == QUESTIONS


@pytest.mark.parametrize("ssn", ["000-12-3456", "666-12-3456", "900-55-0101", "123-00-4567"])
def test_a_real_bureau_gets_no_number_that_nobody_has(
    walk: Walk, ssn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated.SimulatedBureau, "is_simulated", False)
    walk.terms()

    page = walk.information(ssn=ssn)

    assert "Nobody has this number" in str(page.context["form"].errors["ssn"])
    assert "This is training" not in words(page)
    assert walk.client.get(IDENTITIES).status_code == 404


# --- Steps cannot be skipped ---


@pytest.mark.parametrize(
    ("method", "page", "leads_to"),
    [
        ("get", INFORMATION, TERMS),
        ("post", INFORMATION, TERMS),
        ("get", QUESTIONS, RESULT),
        ("post", QUESTIONS, RESULT),
        ("get", RESULT, OVERVIEW),
        ("get", CASE, OVERVIEW),
    ],
)
def test_no_step_can_be_skipped(walk: Walk, method: str, page: str, leads_to: str) -> None:
    assert getattr(walk.client, method)(page)["Location"] == leads_to


def test_terms_have_to_be_agreed_to(walk: Walk) -> None:
    page = walk.client.post(TERMS, {})

    assert "Check this box" in words(page)
    assert walk.client.get(INFORMATION)["Location"] == TERMS


def test_open_questions_are_where_every_step_leads(walk: Walk) -> None:
    walk.to_questions()

    for page in (TERMS, INFORMATION, RESULT):
        assert walk.client.get(page)["Location"] == QUESTIONS
    assert "Go on with the questions" in words(walk.client.get(OVERVIEW))


def test_somebody_proven_sees_that_everywhere(walk: Walk) -> None:
    cast.proofed(walk.person)

    assert "You will not be asked again" in words(walk.client.get(OVERVIEW))
    assert walk.client.get(TERMS)["Location"] == RESULT
    assert "Your identity is proven" in words(walk.client.get(RESULT))


# --- The questions ---


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


# --- What the bureau can say instead ---


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


# --- The case ---


@pytest.mark.parametrize(
    ("way", "status"), [("phone", "phone"), ("documents", "manual"), ("", "manual")]
)
def test_a_case_can_be_opened_by_choice(walk: Walk, way: str, status: str) -> None:
    answer = walk.client.post(CASE, {"way": way})

    case = ProofingCase.objects.get(user=walk.person)
    assert answer["Location"] == CASE
    assert (case.status, case.cause) == (status, "chosen")
    assert case.reference in words(walk.client.get(CASE))


def test_opening_twice_is_once(walk: Walk) -> None:
    walk.client.post(CASE, {"way": "phone"})
    walk.client.post(CASE, {"way": "documents"})

    assert ProofingCase.objects.get().status == "phone"


def test_somebody_proven_opens_no_case(walk: Walk) -> None:
    cast.proofed(walk.person)

    assert walk.client.post(CASE, {"way": "phone"})["Location"] == OVERVIEW
    assert not ProofingCase.objects.exists()


@pytest.mark.parametrize(
    ("status", "fields", "said"),
    [
        ("phone", {}, "read the reference number"),
        ("manual", {}, "one document from each list"),
        ("proven", {"proven_by": "phone", "closed_at": clock.now()}, "Nothing."),
        ("not_proven", {"closed_at": clock.now()}, "Start again"),
    ],
)
def test_the_case_says_what_is_next(
    walk: Walk, status: str, fields: dict[str, Any], said: str
) -> None:
    make.case(walk.person, status=status, **fields)
    if status == "proven":
        cast.proofed(walk.person)

    page = words(walk.client.get(CASE))

    assert "4K7M-9RXA-HWE3" in page
    assert said in page


def test_everybody_sees_their_own_case_only(walk: Walk) -> None:
    make.case(cast.stranger())

    assert walk.client.get(CASE)["Location"] == OVERVIEW


def test_without_a_bureau_the_documents_are_the_way(walk: Walk, settings: Any) -> None:
    settings.PROOFING_PROVIDER = ""

    page = words(walk.client.get(OVERVIEW))
    assert "the help desk checks it with your documents" in page
    assert "This is training" not in page
    assert walk.client.get(TERMS)["Location"] == OVERVIEW
    walk.client.post(CASE, {"way": "phone"})
    assert ProofingCase.objects.get().status == "manual"


# --- The list of test identities ---


def test_trainees_are_told_to_invent_data_on_every_page(walk: Walk) -> None:
    pages = [walk.client.get(OVERVIEW), walk.client.get(TERMS)]
    walk.terms()
    pages.append(walk.client.get(INFORMATION))
    walk.information()
    pages.append(walk.client.get(QUESTIONS))
    walk.answer()
    pages.append(walk.client.get(RESULT))

    assert ["Invent everything" in words(page) for page in pages] == [True] * 5


def test_the_list_names_every_identity_and_every_right_answer(walk: Walk) -> None:
    page = words(walk.client.get(IDENTITIES))

    for file in files.FILES:
        assert file.shown_ssn in page
        for fact in file.facts.values():
            assert escape(fact) in page


def test_the_profile_leads_to_identity_verification(walk: Walk) -> None:
    page = words(walk.client.get(reverse("accounts:profile")))

    assert f'href="{OVERVIEW}">Identity Verification' in page
