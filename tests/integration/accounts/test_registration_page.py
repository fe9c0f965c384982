"""The registration: no step skipped, nothing kept too early, nobody learns who has an account."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import answers
from accounts.models import Registration, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.conftest import CREDENTIALS, INFORMATION, Registering, newest_mail

pytestmark = pytest.mark.django_db


def test_a_whole_registration_waits_for_its_link(registering: Registering) -> None:
    response = registering.whole()

    assert "rowan@people.example" in response.content.decode()
    registration = Registration.objects.get()
    assert registration.status == Registration.Status.PENDING
    assert registration.phone == "+14105550142"
    assert registration.suffix == "Jr."
    assert not User.objects.exists()
    mail = newest_mail("account_activation")
    assert mail.to == "rowan@people.example"
    assert AuditEntry.objects.get().tag == "registration:submit"


def test_the_steps_stand_in_the_indicator(registering: Registering) -> None:
    registering.terms()

    response = registering.client.get(reverse("accounts:register_information"))

    assert [step["state"] for step in response.context["steps"]] == [
        "complete",
        "current",
        "incomplete",
        "incomplete",
    ]


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("register_information", INFORMATION),
        ("register_credentials", CREDENTIALS),
        ("register_confirmation", {}),
    ],
)
def test_steps_out_of_order_lead_to_the_first_undone(step: str, data: dict[str, str]) -> None:
    client = Client()

    for response in (
        client.get(reverse(f"accounts:{step}")),
        client.post(reverse(f"accounts:{step}"), data),
    ):
        assert response["Location"] == reverse("accounts:register_terms")
    client.post(reverse("accounts:register_terms"), {"agree": "on"})
    response = client.post(reverse("accounts:register_credentials"), CREDENTIALS)

    assert response["Location"] == reverse("accounts:register_information")
    assert not Registration.objects.exists()


def test_terms_must_be_agreed_to() -> None:
    client = Client()

    response = client.post(reverse("accounts:register_terms"), {})

    assert response.status_code == 200
    assert "Check this box to go on." in response.content.decode()


def test_a_sent_registration_cannot_be_sent_again(registering: Registering) -> None:
    registering.whole()

    response = registering.credentials()

    assert response["Location"] == reverse("accounts:register_confirmation")
    assert Registration.objects.count() == 1


def test_registering_again_begins_from_the_front(registering: Registering) -> None:
    registering.whole()

    response = registering.client.get(reverse("accounts:register"), follow=True)

    assert response.request["PATH_INFO"] == reverse("accounts:register_terms")
    assert registering.information()["Location"] == reverse("accounts:register_terms")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": "<script>alert(1)</script>"}, "last_name"),
        ({"last_name": "=SUM(A1)"}, "last_name"),
        ({"email": "not an address", "confirm_email": "not an address"}, "email"),
        ({"confirm_email": "other@people.example"}, "confirm_email"),
        ({"date_of_birth": "02/30/1980"}, "date_of_birth"),
        ({"date_of_birth": "0000-00-00"}, "date_of_birth"),
        ({"date_of_birth": "01/01/9999"}, "date_of_birth"),
        ({"date_of_birth": "01/01/1890"}, "date_of_birth"),
        ({"state": "ZZ"}, "state"),
        ({"zip_code": "2124"}, "zip_code"),
        ({"zip_code": "٢١٢٤٤"}, "zip_code"),
        ({"zip_extension": "12"}, "zip_extension"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"suffix": "Dr."}, "suffix"),
        ({"address_line_1": ""}, "address_line_1"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_comes_back(
    registering: Registering, changes: dict[str, str], field: str
) -> None:
    registering.terms()

    response = registering.information(**changes)

    assert response.status_code == 200
    page = response.content.decode()
    assert list(response.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in page
    assert "12 Quay Street" in page or field == "address_line_1"
    assert registering.client.get(reverse("accounts:register_credentials")).status_code == 302


@pytest.mark.parametrize(
    ("today", "born", "is_adult"),
    [
        ("2026-03-02", "03/02/2008", True),
        ("2026-03-02", "03/03/2008", False),
        ("2026-02-28", "02/29/2008", False),
        ("2026-03-01", "02/29/2008", True),
    ],
)
def test_people_must_be_eighteen(
    registering: Registering, today: str, born: str, is_adult: bool
) -> None:
    with time_machine.travel(f"{today} 17:00:00+00:00", tick=False):
        registering.terms()
        response = registering.information(date_of_birth=born)

    assert (response.status_code == 302) is is_adult
    assert not Registration.objects.exists()


def test_the_date_of_birth_is_kept_nowhere(registering: Registering) -> None:
    registering.whole(date_of_birth="07/23/1951")

    canaries = ("07/23/1951", "1951-07-23", "1951")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(r)::text FROM accounts_registration r")
        texts = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT to_json(r)::text FROM notifications_outboxmessage r")
        texts += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT to_json(r)::text FROM audit_auditentry r")
        texts += [row[0] for row in cursor.fetchall()]
    texts += [str(session.get_decoded()) for session in Session.objects.all()]
    assert len(texts) >= 4
    for text in texts:
        assert "07/23/1951" not in text
        assert "1951-07-23" not in text
    assert str(date(1951, 7, 23)) == canaries[1]


def test_secrets_are_not_in_the_session(registering: Registering) -> None:
    registering.whole()

    for session in Session.objects.all():
        kept = str(session.get_decoded())
        assert CREDENTIALS["password"] not in kept
        assert "Sergeant" not in kept


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

    assert reason in str(response.context["form"].errors["password"])
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


def _page_of(response: Any) -> str:
    body = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'nonce="[^"]+"', "", body)


def test_a_taken_email_gets_the_same_page_and_its_owner_a_notice() -> None:
    owner = cast.assister(email="Owner@People.example")
    free = Registering().whole(email="xwner@people.example")
    taken = Registering().whole(email="OWNER@people.example")

    assert _page_of(taken).replace("OWNER", "xwner") == _page_of(free)
    assert User.objects.count() == 1
    assert Registration.objects.count() == 1
    notice = OutboxMessage.objects.get(name="account_email_taken")
    assert notice.to == owner.email
    assert notice.recipient == owner


@pytest.mark.parametrize(
    "typed",
    [
        "MIKE@people.example",
        "m\u0131ke@people.example",
        "m\u0130ke@people.example",
        "mi\u212ae@people.example",
        "mi\u200bke@people.example",
        "\uff4dike@people.example",
        "mike@PEOPLE.example",
    ],
)
def test_spellings_of_one_address_are_one_identity(typed: str) -> None:
    owner = cast.assister(email="mike@people.example")

    Registering().whole(email=typed)

    assert not Registration.objects.exists()
    assert OutboxMessage.objects.get().to == owner.email


def test_the_owner_of_an_address_is_not_flooded() -> None:
    cast.assister(email="owner@people.example")
    for _ in range(8):
        Registering().whole(email="owner@people.example")

    assert OutboxMessage.objects.filter(name="account_email_taken").count() == 5


@pytest.mark.parametrize("typed", ["Assister.Avery", "assister.aver\u200by", "ass\u0131ster.avery"])
def test_a_taken_user_id_is_told_by_mail_only(typed: str) -> None:
    owner = cast.assister()
    free = Registering().whole(email="a@people.example", user_id="somebody.else")
    taken = Registering().whole(email="b@people.example", user_id=typed)

    assert _page_of(taken).replace("b@people", "a@people") == _page_of(free)
    assert "belongs to somebody else" in newest_mail("account_activation").body_text
    notice = OutboxMessage.objects.get(name="account_user_id_taken")
    assert (notice.to, notice.recipient) == (owner.email, owner)
    assert "b@people" not in notice.body_text + notice.subject
    assert User.objects.count() == 1


def test_the_owner_of_a_user_id_is_told_once_a_day(moving: Any) -> None:
    owner = cast.assister()
    for number in range(4):
        Registering().whole(email=f"p{number}@people.example", user_id=owner.user_id)
        assert OutboxMessage.objects.filter(name="account_user_id_taken").count() == 1
    moving.shift(timedelta(days=1, seconds=1))
    Registering().whole(email="later@people.example", user_id=owner.user_id)

    assert OutboxMessage.objects.filter(name="account_user_id_taken", to=owner.email).count() == 2


def test_a_closed_account_keeps_its_user_id_and_address() -> None:
    closed = cast.assister(email="closed@people.example", is_active=False)
    Registering().whole(email="closed@people.example")
    Registering().whole(email="other@people.example", user_id=closed.user_id)

    assert [mail.name for mail in OutboxMessage.objects.order_by("id")] == [
        "account_email_taken",
        "account_activation",
    ]
    assert "belongs to somebody else" in newest_mail("account_activation").body_text


def test_a_refused_password_is_described_by_its_error(registering: Registering) -> None:
    registering.terms()
    registering.information()

    page = registering.credentials(password="short", confirm_password="short").content.decode()

    assert 'aria-describedby="id_password_error password-rules"' in page
    assert 'id="id_password_error"' in page


def test_registering_again_kills_the_older_link() -> None:
    Registering().whole()
    Registering().whole()

    statuses = list(Registration.objects.order_by("id").values_list("status", flat=True))
    assert statuses == ["superseded", "pending"]


def test_the_mail_is_sent_again_with_a_newer_link(registering: Registering) -> None:
    registering.whole()

    response = registering.client.post(reverse("accounts:register_confirmation"), follow=True)

    assert "it is on its way" in response.content.decode()
    assert Registration.objects.get().link_number == 2
    assert OutboxMessage.objects.filter(name="account_activation").count() == 2


def test_at_most_five_mails_an_hour_go_to_one_address(registering: Registering) -> None:
    registering.whole()
    for _ in range(9):
        registering.client.post(reverse("accounts:register_confirmation"))

    assert OutboxMessage.objects.count() == 5
    assert Registration.objects.get().link_number == 5


def test_extra_fields_are_ignored(registering: Registering) -> None:
    registering.terms()
    registering.information(is_staff="on", ial="2", status="activated")
    registering.credentials(is_superuser="on", link_number="9")

    registration = Registration.objects.get()
    assert registration.status == Registration.Status.PENDING
    assert registration.link_number == 1


def test_registrations_of_one_address_are_limited(
    registering: Registering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.services.registration.SUBMISSIONS_PER_HOUR", 1)
    Registering().whole(email="a@people.example")
    registering.terms()
    registering.information()

    response = registering.credentials()

    assert "Too many attempts" in response.content.decode()
    assert Registration.objects.count() == 1
