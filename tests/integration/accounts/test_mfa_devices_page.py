"""Manage MFA Devices: devices are named, made default and removed; others see none of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import clock
from accounts import assurance
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, User
from accounts.services import devices
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.mfa_pages import (
    add_app,
    add_passkey,
    begin,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return cast.assister(phone="+14105550142")


@pytest.fixture
def client(user: User) -> Client:
    return cast.client_of(user)


def _list(client: Client) -> str:
    page: str = client.get(reverse("accounts:mfa_devices")).content.decode()
    return page


def _mails(name: str) -> int:
    return OutboxMessage.objects.filter(name=name).count()


def test_the_empty_list_says_why_and_how(client: Client) -> None:
    page = _list(client)

    assert "Manage MFA Devices" in page
    assert "You have no MFA device yet" in page
    assert reverse("accounts:mfa_add") in page


def test_a_device_gets_another_name(client: Client, user: User) -> None:
    device = add_app(client)

    client.post(reverse("accounts:mfa_rename", args=[device.pk]), {"name": "<i>Green</i> phone"})

    device.refresh_from_db()
    assert device.name == "<i>Green</i> phone"
    assert "&lt;i&gt;Green&lt;/i&gt; phone" in _list(client)
    assert _mails("mfa_device_renamed") == 1
    assert AuditEntry.objects.filter(tag=Tag.DEVICE_RENAMED).count() == 1


def test_another_device_becomes_the_default(client: Client, user: User) -> None:
    first = add_app(client, "First")
    second = add_app(client, "Second", kind="app_computer")
    assert first.is_default

    client.post(reverse("accounts:mfa_default", args=[second.pk]))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    assert _mails("mfa_default_changed") == 1


def test_a_device_is_removed_after_a_question(client: Client, user: User) -> None:
    device = add_app(client)
    address = reverse("accounts:mfa_remove", args=[device.pk])
    question = client.get(address).content.decode()
    assert "It is your only device" in question

    client.post(address)

    user.refresh_from_db()
    assert not user.has_mfa
    assert not user.mfa_devices.exists()
    assert _mails("mfa_device_removed") == 1
    assert AuditEntry.objects.filter(tag=Tag.DEVICE_REMOVED).count() == 1
    assert "You have no MFA device yet" in _list(client)


def test_the_last_strong_device_of_somebody_who_needs_one_stays(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = add_app(client)
    monkeypatch.setattr(assurance, "_needs", [lambda asked: asked.pk == user.pk])

    page = client.post(reverse("accounts:mfa_remove", args=[device.pk])).content.decode()

    assert "Add another authenticator app, passkey or security key first" in page
    assert user.mfa_devices.filter(confirmed=True).count() == 1


def test_who_needs_a_strong_device_and_has_none_is_told(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assurance, "_needs", [lambda asked: asked.pk == user.pk])

    assert "Your roles need a strong device" in _list(client)


def test_devices_of_others_do_not_exist(client: Client) -> None:
    other = cast.stranger()
    their_client = cast.client_of(other)
    theirs = add_app(their_client, "Theirs")
    begin(their_client, "app_computer")
    begun = MFADevice.objects.get(user=other, confirmed=False)

    for name in ("mfa_rename", "mfa_remove"):
        assert client.get(reverse(f"accounts:{name}", args=[theirs.pk])).status_code == 404
        assert client.post(reverse(f"accounts:{name}", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("accounts:mfa_default", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("accounts:mfa_confirm", args=[begun.pk])).status_code == 404
    assert client.get(reverse("accounts:mfa_remove", args=[10**6])).status_code == 404
    assert "Theirs" not in _list(client)


def test_every_page_asks_for_the_factors_again_when_they_are_old(
    client: Client, user: User
) -> None:
    device = add_app(client)
    begun = devices.add(user=user, kind=MFADevice.Kind.APP_COMPUTER)
    PortalSession.objects.filter(user=user).update(
        verified_at=clock.now() - timedelta(minutes=5, seconds=1)
    )
    step_up = reverse("accounts:step_up")

    for name, arguments in (
        ("mfa_devices", []),
        ("mfa_add", []),
        ("mfa_set_up", ["text"]),
        ("mfa_confirm", [begun.pk]),
        ("mfa_add_passkey", []),
        ("mfa_register", []),
        ("mfa_rename", [device.pk]),
        ("mfa_remove", [device.pk]),
    ):
        address = reverse(f"accounts:{name}", args=arguments)
        assert client.get(address).url == f"{step_up}?next={address}"  # type: ignore[attr-defined]
        assert client.post(address).url.startswith(step_up)  # type: ignore[attr-defined]
    posted = client.post(reverse("accounts:mfa_default", args=[device.pk]))
    assert posted.url == f"{step_up}?next={reverse('accounts:mfa_devices')}"  # type: ignore[attr-defined]
    assert user.mfa_devices.filter(confirmed=True).count() == 1


def test_other_sessions_end_when_a_device_is_added_or_removed(client: Client, user: User) -> None:
    other = cast.client_of(user)
    device = add_app(client)
    assert other.get(reverse("accounts:profile")).status_code == 302

    other = cast.client_of(User.objects.get(pk=user.pk))
    client.post(reverse("accounts:mfa_remove", args=[device.pk]))

    assert other.get(reverse("accounts:profile")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_list_costs_the_same_for_five_devices_as_for_one(
    client: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_app(client, "First")
    _list(client)
    address = reverse("accounts:mfa_devices")
    with django_assert_num_queries(2):
        client.get(address)
    add_app(client, "Second", kind="app_computer")
    add_passkey(user)
    client = cast.client_of(user)
    _list(client)

    with django_assert_num_queries(2):
        page = client.get(address).content.decode()
    assert "Blue key" in page
