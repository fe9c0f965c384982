"""The pages of Identity Verification, step by step, and back to where the person came from."""

import pytest
from django.conf import settings

from accounts.assurance import IAL
from accounts.models import ProofingAttempt, User
from accounts.proofing import simulated
from tests import cast
from tests.integration.accounts.proofing_walk import (
    CASE,
    IDENTITIES,
    INFORMATION,
    OVERVIEW,
    QUESTIONS,
    REQUEST,
    RESULT,
    TERMS,
    Walk,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk() -> Walk:
    return Walk(cast.assister())


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
