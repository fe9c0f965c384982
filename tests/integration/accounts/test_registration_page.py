"""The registration: no step skipped, nothing kept too early, nobody learns who has an account."""

from datetime import date

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Registration, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
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


@pytest.mark.parametrize("step", ["information", "credentials"])
def test_what_is_missing_is_named(registering: Registering, step: str) -> None:
    registering.terms()
    if step == "credentials":
        registering.information()

    errors = (
        registering.client.post(reverse(f"accounts:register_{step}"), {}).context["form"].errors
    )

    words = [str(error) for found in errors.values() for error in found]
    assert len(words) >= 9
    assert all(word.startswith(("Enter ", "Select ", "Choose ")) for word in words), words


def test_what_a_zip_code_looks_like_is_said_before_the_mistake(registering: Registering) -> None:
    registering.terms()

    page = registering.client.get(reverse("accounts:register_information")).content.decode()

    assert "Enter five digits, for example 21244." in page
    assert "Enter four digits, or leave it empty." in page


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


def test_registering_again_kills_the_older_link_of_the_same_browser_only(
    registering: Registering,
) -> None:
    Registering().whole()
    registering.whole()
    registering.client.get(reverse("accounts:register"))
    registering.whole()

    statuses = list(Registration.objects.order_by("id").values_list("status", flat=True))
    assert statuses == ["pending", "superseded", "pending"]


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
