"""Signing in with a second factor: on one page, in one post or two, and never around it."""

import re
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts import half
from accounts.assurance import AAL, Strength
from accounts.models import PortalSession, User
from accounts.services import sign_in
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind
from tests.integration.accounts.second_step import (
    ACCEPTED,
    PASSWORD_PAGE,
    REFUSED,
    begin,
    halfway,
    is_signed_in,
    post,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    """Somebody without a device."""
    return cast.assister()


def test_people_without_a_device_see_no_fields_for_one(person: User) -> None:
    page = begin(Client(), person.user_id).content.decode()

    assert "MFA Device Type" not in page
    assert "Security Code" not in page


@pytest.mark.parametrize(("kind", "sends"), [(None, False), ("text", True), ("email", True)])
def test_send_is_there_once_it_is_known_that_something_can_be_sent(
    person: User, kind: str | None, sends: bool
) -> None:
    devices.app(person)
    if kind is not None:
        devices.device(person, kind)
    client = Client()

    assert ">Send<" in begin(client, person.user_id).content.decode()  # tells nothing of anybody
    halfway(client, person)
    assert (">Send<" in client.get(reverse(PASSWORD_PAGE)).content.decode()) is sends


def test_the_page_for_people_with_a_device_is_the_one_of_the_source(person: User) -> None:
    devices.app(person)

    page = begin(Client(), person.user_id).content.decode()

    for words in (
        "Enter Security Code",
        "Unable to Access Security Code?",
        "MFA Device Type",
        "Select MFA Device Type",
        "One-Time Security Code",
        ">Send<",
        "Security Code",
        ">Log In<",
        "Cancel",
    ):
        assert words in page, words


def test_password_device_and_code_in_one_post_open_a_strong_session(person: User) -> None:
    app = devices.app(person)
    client = Client()
    begin(client, person.user_id)

    response = post(
        client,
        password=accounts.PASSWORD,
        device_type="app_phone",
        security_code=devices.code_of(app),
    )

    assert response["Location"] == reverse("access_requests:welcome")
    session = PortalSession.objects.get(user=person)
    assert (session.strength, session.aal) == (Strength.STRONG, AAL.TWO_FACTORS)
    assert (session.device_id, session.factor) == (app.pk, "app_phone")
    assert is_signed_in(client)
    assert AuditEntry.objects.get(tag="session:sign_in").reason == "app_phone"


def test_the_password_alone_opens_nothing_and_the_code_then_does(person: User) -> None:
    app = devices.app(person)
    client = Client()
    halfway(client, person)

    assert not PortalSession.objects.exists()
    assert SESSION_KEY not in client.session
    page = client.get(reverse(PASSWORD_PAGE)).content.decode()
    assert ACCEPTED in page
    assert 'name="password"' not in page

    response = post(client, device_type="app_phone", security_code=devices.code_of(app))

    assert response["Location"] == reverse("access_requests:welcome")
    assert is_signed_in(client)


def test_a_wrong_code_keeps_the_password_and_counts(person: User) -> None:
    app = devices.app(person)
    client = Client()
    begin(client, person.user_id)

    wrong = f"{(int(devices.code_of(app)) + 1) % 1_000_000:06d}"
    response = post(
        client, password=accounts.PASSWORD, device_type="app_phone", security_code=wrong
    )

    assert REFUSED in response.content.decode()
    assert ACCEPTED in response.content.decode()
    assert not is_signed_in(client)
    assert AuditEntry.objects.filter(tag="session:second_factor_failed").count() == 1


def test_a_wrong_password_says_nothing_about_the_code(person: User) -> None:
    app = devices.app(person)
    client = Client()
    begin(client, person.user_id)

    response = post(
        client,
        password="wrong wrong wrong",
        device_type="app_phone",
        security_code=devices.code_of(app),
    )

    assert REFUSED not in response.content.decode()
    assert not half.is_there(client.session)
    app.refresh_from_db()
    assert app.last_step is None


def test_the_fields_tell_nothing_about_a_user_id(settings: Any) -> None:
    names = [f"nobody.{number}" for number in range(400)]

    shown = [name for name in names if sign_in.asks_for_device(name)]

    assert 0.15 < len(shown) / len(names) < 0.35
    assert shown == [name for name in names if sign_in.asks_for_device(name.upper())]
    settings.MFA_DECOY_SHARE = 1.0
    assert all(map(sign_in.asks_for_device, names))


def test_unknown_people_with_the_fields_get_the_same_answers(person: User, settings: Any) -> None:
    settings.MFA_DECOY_SHARE = 1.0
    devices.app(person)
    bodies = []
    for user_id in (person.user_id, "nobody.at.all"):
        client = Client()
        before = begin(client, user_id).content.decode()
        after = post(
            client,
            password="wrong wrong wrong",
            device_type="app_phone",
            security_code="123456",
        ).content.decode()
        bodies.append([strip(text, user_id) for text in (before, after)])

    assert bodies[0] == bodies[1]


def strip(page: str, user_id: str) -> str:
    """The page without what differs from request to request."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
    return page.replace(user_id, "")


def test_ten_wrong_codes_count_over_devices_fresh_sessions_and_new_beginnings(
    person: User,
) -> None:
    app = devices.app(person)
    devices.device(person, devices.Kind.APP_COMPUTER)
    devices.device(person, devices.Kind.EMAIL)
    near = {devices.code_of(app, steps=steps) for steps in range(-2, 3)}
    wrong = next(code for code in ("000000", "111111", "222222") if code not in near)
    client = Client()
    for number in range(10):
        if number % 3 == 0:
            client = Client()
        client.post(reverse(PASSWORD_PAGE), {"action": "cancel"})
        halfway(client, person)
        device_type = ("app_phone", "app_computer", "email")[number % 3]
        refused = post(client, device_type=device_type, security_code=wrong)
        assert REFUSED in refused.content.decode()

    for browser in (client, Client()):
        browser.post(reverse(PASSWORD_PAGE), {"action": "cancel"})
        halfway(browser, person)
        answer = post(browser, device_type="app_phone", security_code=devices.code_of(app))
        assert REFUSED in answer.content.decode()
        assert not is_signed_in(browser)
    assert not PortalSession.objects.exists()
    assert OutboxMessage.objects.get(name="second_factor_locked").to == person.email
    assert AuditEntry.objects.filter(tag="session:second_factor_lock").count() == 1


def test_send_is_there_for_devices_that_get_codes_only(person: User) -> None:
    devices.app(person)
    client = Client()
    halfway(client, person)
    assert ">Send<" not in client.get(reverse(PASSWORD_PAGE)).content.decode()

    devices.device(person, Kind.TEXT)
    assert ">Send<" in client.get(reverse(PASSWORD_PAGE)).content.decode()
