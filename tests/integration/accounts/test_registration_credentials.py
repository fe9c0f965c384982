"""The last step of the registration: User ID, password and answers, refused with their reason."""

import re
from typing import Any

import pytest

from accounts import answers
from accounts.models import Registration
from tests.integration.accounts.conftest import CREDENTIALS, Registering

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"user_id": "abcd"}, "user_id"),
        ({"user_id": "1234567"}, "user_id"),
        ({"user_id": "a123456789"}, "user_id"),
        ({"user_id": "a123-45-6789"}, "user_id"),
        ({"user_id": "rowan<b>"}, "user_id"),
        ({"user_id": "r" * 75}, "user_id"),
        ({"password": "Short-Quay-12", "confirm_password": "Short-Quay-12"}, "password"),
        (
            {"password": "all-small-letters-9", "confirm_password": "all-small-letters-9"},
            "password",
        ),
        (
            {"password": "ALL-CAPITALS-HERE-9", "confirm_password": "ALL-CAPITALS-HERE-9"},
            "password",
        ),
        (
            {"password": "No-Digits-In-This-One", "confirm_password": "No-Digits-In-This-One"},
            "password",
        ),
        (
            {"password": "Rowan-Over-The-Quay-9", "confirm_password": "Rowan-Over-The-Quay-9"},
            "password",
        ),
        ({"password": "Password123456789", "confirm_password": "Password123456789"}, "password"),
        (
            {"password": "Medicare2026Medicare", "confirm_password": "Medicare2026Medicare"},
            "password",
        ),
        ({"password": "Aa1" + "x" * 126, "confirm_password": "Aa1" + "x" * 126}, "password"),
        ({"confirm_password": "something else"}, "confirm_password"),
        ({"question_2": "disliked_food"}, "question_2"),
        ({"answer_2": "turnips, WITH créam!"}, "answer_2"),
        ({"answer_1": ""}, "answer_1"),
        ({"answer_1": "   "}, "answer_1"),
        ({"answer_1": "Which food did you refuse to eat as a child?"}, "answer_1"),
        ({"answer_1": "which FOOD did you refuse to eat, as a child"}, "answer_1"),
        ({"answer_2": "Which food did you refuse to eat as a child?"}, "answer_2"),
        ({"answer_1": "rowan.ashford"}, "answer_1"),
        (dict.fromkeys(("answer_1", "answer_2", "answer_3"), "Turnips"), "answer_3"),
        ({"answer_1": "ab"}, "answer_1"),
        ({"answer_1": "unknown"}, "answer_1"),
        ({"answer_1": "zzzzzz"}, "answer_1"),
        ({"answer_1": "Rowan Ashford"}, "answer_1"),
        ({"answer_1": CREDENTIALS["password"]}, "answer_1"),
        ({"answer_1": "x1" * 60}, "answer_1"),
    ],
)
def test_wrong_credentials_are_named_and_secrets_do_not_come_back(
    registering: Registering, changes: dict[str, str], field: str
) -> None:
    registering.terms()
    registering.information()

    response = registering.credentials(**changes)

    assert response.status_code == 200
    page = response.content.decode()
    assert field in response.context["form"].errors
    assert f'href="#id_{field}"' in page
    assert 'value="Sergeant Buttons"' not in page
    assert CREDENTIALS["password"] not in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Fourteen-char1", "At least 15 characters"),
        ("Rowan-Over-The-Quay-9", "Not your first or last name"),
        ("Password123456789", "common"),
        ("Medicare2026Medicare", "common"),
    ],
)
@pytest.mark.parametrize("profile", ["cms", "nist"])
def test_a_password_is_refused_with_its_reason_in_both_profiles(
    registering: Registering, settings: Any, profile: str, password: str, reason: str
) -> None:
    settings.PASSWORD_PROFILE = profile
    registering.terms()
    registering.information()

    response = registering.credentials(password=password, confirm_password=password)

    assert "password" in response.context["form"].errors
    marked = re.findall(r'<li class="is-broken"[^>]*>([^<]+)', response.content.decode())
    assert any(reason in rule for rule in marked)
    assert not Registration.objects.exists()


def test_fifteen_letters_of_one_kind_do_where_only_length_counts(
    registering: Registering, settings: Any
) -> None:
    settings.PASSWORD_PROFILE = "nist"

    registering.whole(password="lanternquaysail", confirm_password="lanternquaysail")

    assert Registration.objects.get().status == Registration.Status.PENDING


def test_answers_are_stored_unreadable_and_matched_forgivingly(registering: Registering) -> None:
    registering.whole()

    stored = Registration.objects.get().answers
    assert set(stored) == {"disliked_food", "stuffed_animal", "first_prize"}
    assert "uttons" not in str(stored)
    assert answers.matches("  sergeant  BÜTTONS. ", stored["stuffed_animal"])
    assert not answers.matches("sergeant", stored["stuffed_animal"])


def test_a_refused_password_is_described_by_its_error(registering: Registering) -> None:
    registering.terms()
    registering.information()

    page = registering.credentials(password="short", confirm_password="short").content.decode()

    assert 'aria-describedby="id_password_error password-rules"' in page
    assert 'id="id_password_error"' in page
