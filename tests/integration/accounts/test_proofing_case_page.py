"""The case of somebody whom the bureau cannot prove, and the list of test identities."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

import clock
from accounts.models import ProofingCase
from accounts.proofing import files
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.proofing_walk import (
    CASE,
    IDENTITIES,
    INFORMATION,
    OVERVIEW,
    QUESTIONS,
    RESULT,
    TERMS,
    Walk,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk() -> Walk:
    return Walk(cast.assister())


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
