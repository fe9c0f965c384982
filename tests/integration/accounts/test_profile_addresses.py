"""Home address and business contact information: behind the questions, kept apart."""

from datetime import timedelta

import pytest
from django.utils.http import urlencode

import clock
from accounts.models import BusinessContact, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.profiles import QUESTIONS, answer, answered, somebody

pytestmark = pytest.mark.django_db

HOME = {
    "address_line_1": "12 Quay Street",
    "address_line_2": "",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "zip_extension": "",
}
BUSINESS = {**HOME, "company": "Harbor Health", "job_title": "Nurse", "phone": "410 555 0199"}


def test_the_home_address_is_kept_and_shown() -> None:
    user = somebody()
    client = answered(user)

    page = client.post("/profile/address/", HOME, follow=True).content.decode()

    assert "Your profile is changed." in page
    assert "Baltimore, Maryland 21244" in page
    entry = AuditEntry.objects.get(tag="account:change_home_address")
    assert entry.after == {"fields": ["address_line_1", "city", "state", "zip_code"]}
    assert "Quay" not in OutboxMessage.objects.get(name="profile_changed").body_text


def test_business_contact_information_is_kept_apart() -> None:
    user = somebody()
    client = answered(user)

    client.post("/profile/business/", {**BUSINESS, "phone_extension": "77"})
    page = client.get("/profile/").content.decode()

    assert "Harbor Health" in page
    assert "(410) 555-0199, extension 77" in page
    assert User.objects.get(pk=user.pk).address_line_1 == ""
    assert BusinessContact.objects.get().user == user
    assert AuditEntry.objects.filter(tag="account:change_business_contact").count() == 1


def test_business_contact_information_can_be_taken_away_again() -> None:
    user = somebody()
    client = answered(user)
    client.post("/profile/business/", BUSINESS)

    client.post("/profile/business/", {})

    assert BusinessContact.objects.get().company == ""


def test_an_extension_without_a_number_is_no_way_to_call() -> None:
    page = answered(somebody()).post("/profile/business/", {"phone_extension": "12"})

    assert page.context["form"].errors.keys() == {"phone"}


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/profile/address/", "zip_code", "2124"),
        ("/profile/address/", "state", "XX"),
        ("/profile/address/", "address_line_1", ""),
        ("/profile/business/", "phone_extension", "12x"),
        ("/profile/business/", "zip_extension", "1"),
        ("/profile/business/", "company", "x" * 101),
    ],
)
def test_bad_addresses_are_refused(path: str, field: str, value: str) -> None:
    page = answered(somebody()).post(path, {**BUSINESS, field: value})

    assert page.context["form"].errors.keys() == {field}
    assert not AuditEntry.objects.filter(tag__startswith="account:change_").exists()


@pytest.mark.parametrize(
    ("path", "form"), [("/profile/address/", HOME), ("/profile/business/", BUSINESS)]
)
def test_the_same_again_is_no_change(path: str, form: dict[str, str]) -> None:
    client = answered(somebody())
    client.post(path, form)

    page = client.post(path, form, follow=True).content.decode()

    assert "Nothing was changed." in page
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "form"), [("/profile/address/", HOME), ("/profile/business/", BUSINESS)]
)
def test_the_questions_stand_in_front_and_lead_on(path: str, form: dict[str, str]) -> None:
    client = cast.client_of(somebody())

    for reply in (client.get(path), client.post(path, form)):
        assert reply["Location"] == f"{QUESTIONS}?{urlencode({'next': path})}"
    assert not OutboxMessage.objects.exists()
    assert answer(client, wanted=path)["Location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "form"), [("/profile/address/", HOME), ("/profile/business/", BUSINESS)]
)
def test_a_sign_in_of_long_ago_is_not_enough(path: str, form: dict[str, str]) -> None:
    client = answered(somebody())
    PortalSession.objects.update(verified_at=clock.now() - timedelta(minutes=6))

    for reply in (client.get(path), client.post(path, form)):
        assert reply["Location"].startswith("/login/again/")
    assert not OutboxMessage.objects.exists()


def test_a_number_is_shown_as_people_write_it() -> None:
    client = answered(somebody())
    client.post("/profile/business/", BUSINESS)

    for path, number in (
        ("/profile/change/", "(410) 555-0142"),
        ("/profile/business/", "(410) 555-0199"),
    ):
        assert f'value="{number}"' in client.get(path).content.decode()
