"""Signing in again in the middle of a session: both factors, a new key, and back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import clock
from accounts.assurance import Strength
from accounts.models import PortalSession, User
from audit.models import AuditEntry
from notifications.models import MailboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind

pytestmark = pytest.mark.django_db

PAGE = "/login/again/?next=/catalog/"


def post(client: Client, **fields: str) -> Any:
    """Send the page."""
    return client.post(PAGE, {"next": "/catalog/", **fields})


def test_nobody_unknown_gets_here() -> None:
    answer = Client().get(PAGE)
    assert answer["Location"].startswith(reverse("accounts:login"))


def test_without_a_device_the_password_is_enough_and_the_key_changes() -> None:
    person = accounts.user()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = cast.client_of(person)
        key = client.session.session_key
        traveller.shift(timedelta(minutes=20))
        assert "Security Code" not in client.get(PAGE).content.decode()
        answer = post(client, password=accounts.PASSWORD)
        session = PortalSession.objects.get(user=person)
        assert session.verified_at == clock.now()
    assert answer["Location"] == "/catalog/"
    assert client.session.session_key != key
    assert AuditEntry.objects.filter(tag="session:step_up", outcome="success").count() == 1


def test_with_a_device_both_factors_are_needed() -> None:
    person = accounts.user()
    app = devices.app(person)
    client = cast.client_of(person, Strength.WEAK)
    before = PortalSession.objects.get().verified_at
    assert (
        "Enter the security code."
        in post(client, password=accounts.PASSWORD, device_type="app_phone").content.decode()
    )
    assert "Select the device" in post(client, password=accounts.PASSWORD).content.decode()
    assert (
        "This password is not right."
        in post(
            client, password="wrong", device_type="app_phone", security_code=devices.code_of(app)
        ).content.decode()
    )
    assert PortalSession.objects.get().verified_at == before
    answer = post(
        client,
        password=accounts.PASSWORD,
        device_type="app_phone",
        security_code=devices.code_of(app),
    )
    assert answer["Location"] == "/catalog/"
    session = PortalSession.objects.get()
    assert (session.strength, session.device_id) == (Strength.STRONG, app.pk)


def test_those_who_need_a_strong_factor_are_offered_no_weak_one() -> None:
    boss = cast.administrator(has_mfa=False, has_strong_factor=False)
    devices.app(boss)
    devices.device(boss, Kind.EMAIL)
    page = cast.client_of(boss).get(PAGE).content.decode()
    assert "app_phone" in page
    assert 'value="email"' not in page
    assert 'value="one_time"' not in page


def test_those_who_need_one_and_have_only_a_weak_one_use_that() -> None:
    boss: User = cast.administrator(has_mfa=False, has_strong_factor=False)
    devices.device(boss, Kind.TEXT)
    client = cast.client_of(boss)
    sent = post(client, action="send", device_type="text").content.decode()
    assert "on its way to" in sent
    assert MailboxMessage.objects.filter(channel="text").count() == 1
    assert "Enter your password." not in sent


def test_five_wrong_passwords_close_this_for_an_hour() -> None:
    person = accounts.user()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = cast.client_of(person)
        for _ in range(5):
            post(client, password="wrong")
        assert post(client, password=accounts.PASSWORD).status_code == 200
        traveller.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        traveller.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        traveller.shift(timedelta(minutes=3))
        assert post(client, password=accounts.PASSWORD).status_code == 302


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "/\\evil"])
def test_the_way_back_stays_in_the_portal(wanted: str) -> None:
    client = cast.client_of(accounts.user())
    answer = client.post("/login/again/", {"next": wanted, "password": accounts.PASSWORD})
    assert answer["Location"] == reverse("access_requests:welcome")
