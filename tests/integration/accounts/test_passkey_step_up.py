"""Whoever has a passkey confirms with it, too, that it is still them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts import assurance
from accounts.assurance import Strength
from accounts.models import PortalSession, User
from tests import cast
from tests.factories import accounts, devices
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import add_passkey, options_on

pytestmark = pytest.mark.django_db

NEXT = "/profile/mfa/"


@pytest.fixture
def user() -> User:
    return cast.assister()


@pytest.fixture
def key(user: User) -> SoftKey:
    return add_passkey(user)


@pytest.fixture
def client(user: User, key: SoftKey) -> Client:
    """Signed in with the passkey, an hour ago."""
    client = cast.client_of(user)
    PortalSession.objects.filter(user=user).update(verified_at=clock.now() - timedelta(hours=1))
    return client


def _confirm(client: Client, key: SoftKey, password: str = accounts.PASSWORD, **wrong: Any) -> Any:
    address = reverse("accounts:step_up")
    options = options_on(client.get(address, {"next": NEXT}))
    answer = key.get(options, **wrong)
    return client.post(address, {"next": NEXT, "password": password, "passkey": answer})


def test_password_and_passkey_lead_back(client: Client, user: User, key: SoftKey) -> None:
    assert client.get(NEXT).status_code == 302

    answer = _confirm(client, key)

    assert answer["Location"] == NEXT
    assert client.get(NEXT).status_code == 200
    session = PortalSession.objects.get(user=user, ended_at=None)
    assert session.strength == Strength.STRONG
    assert session.factor == "passkey"


def test_the_passkey_without_the_password_does_not(client: Client, key: SoftKey) -> None:
    answer = _confirm(client, key, password="Wrong-Lantern-2026")

    assert answer.status_code == 200
    assert client.get(NEXT).status_code == 302


def test_a_wrong_passkey_does_not(client: Client, key: SoftKey) -> None:
    answer = _confirm(client, key, signature=b"0" * 70)

    assert "This passkey could not be used" in answer.content.decode()
    assert client.get(NEXT).status_code == 302


def test_the_password_alone_does_not(client: Client, key: SoftKey) -> None:
    client.post(reverse("accounts:step_up"), {"password": accounts.PASSWORD, "next": NEXT})

    assert client.get(NEXT).status_code == 302


def test_it_is_the_strong_device_that_some_work_demands(
    client: Client, user: User, key: SoftKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assurance, "_needs", [lambda asked: asked.pk == user.pk])

    assert _confirm(client, key)["Location"] == NEXT


def test_who_has_no_passkey_sees_no_button() -> None:
    other = cast.stranger()
    devices.app(other)

    page = cast.client_of(other).get(reverse("accounts:step_up")).content.decode()

    assert "data-passkey" not in page
    assert "passkeys.js" not in page
