"""Manage MFA Devices: each kind is added with a proof, named, made default and removed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import clock
from accounts import assurance
from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import (
    add_app,
    add_passkey,
    begin,
    code_of_app,
    code_sent,
    options_on,
    secret_on,
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


@pytest.mark.parametrize("kind", ["app_phone", "app_computer"])
def test_an_app_is_added_by_a_code_of_it(client: Client, user: User, kind: str) -> None:
    page = begin(client, kind)
    secret = secret_on(page)
    assert '<svg role="img"' in page.content.decode()
    assert "style=" not in page.content.decode()

    confirm = page.redirect_chain[-1][0]
    answer = client.post(confirm, {"code": code_of_app(secret), "name": "Red phone"}, follow=True)

    user.refresh_from_db()
    assert (user.has_mfa, user.has_strong_factor) == (True, True)
    page_text = answer.content.decode()
    assert "Red phone" in page_text
    assert "Add a second device" in page_text
    assert AuditEntry.objects.filter(tag=Tag.DEVICE_ADDED).count() == 1
    assert _mails("mfa_device_added") == 1
    # The session in which it happened went on, as strong as the device.
    session = PortalSession.objects.get(user=user, ended_at=None)
    assert session.strength == Strength.STRONG


def test_the_secret_is_shown_only_until_the_app_is_confirmed(client: Client) -> None:
    page = begin(client, "app_phone")
    address, secret = page.redirect_chain[-1][0], secret_on(page)
    assert secret_on(client.get(address)) == secret

    client.post(address, {"code": code_of_app(secret), "name": "Red phone"})

    assert client.get(address).status_code == 404
    assert secret not in _list(client)


def test_a_wrong_code_adds_nothing(client: Client, user: User) -> None:
    page = begin(client, "app_phone")
    right = code_of_app(secret_on(page))
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    answer = client.post(page.redirect_chain[-1][0], {"code": wrong, "name": "Red phone"})

    assert "We could not accept this security code" in answer.content.decode()
    user.refresh_from_db()
    assert not user.has_mfa
    assert not MFADevice.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize(
    ("kind", "fields", "target"),
    [
        ("text", {"phone": "(202) 555-0143"}, "43"),
        ("voice", {"phone": "202-555-0144", "extension": "17"}, "44"),
        ("email", {}, "@people.example"),
    ],
)
def test_codes_that_are_sent_prove_their_way(
    client: Client, user: User, kind: str, fields: dict[str, str], target: str
) -> None:
    page = begin(client, kind, **fields)
    assert target in page.content.decode()
    confirm = page.redirect_chain[-1][0]

    answer = client.post(confirm, {"code": code_sent(user), "name": "Way in"}, follow=True)

    device = MFADevice.objects.get(user=user, confirmed=True)
    assert (device.kind, device.name) == (kind, "Way in")
    assert device.masked_target in answer.content.decode()
    if fields:
        assert device.phone not in answer.content.decode()
    user.refresh_from_db()
    assert (user.has_mfa, user.has_strong_factor) == (True, False)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("text", {"phone": "no number"}),
        ("text", {"phone": ""}),
        ("voice", {"phone": "202-555-0144", "extension": "a7"}),
        ("voice", {"phone": "202-555-0144", "extension": "12345678901"}),
    ],
)
def test_what_is_no_number_begins_nothing(
    client: Client, kind: str, fields: dict[str, str]
) -> None:
    page = begin(client, kind, **fields)

    assert "Please correct the following" in page.content.decode()
    assert not MFADevice.objects.exists()


def test_a_second_code_within_a_minute_is_not_sent(client: Client, user: User) -> None:
    page = begin(client, "text", phone="202-555-0143")
    confirm = page.redirect_chain[-1][0]
    sent = user.security_codes.count()

    answer = client.post(confirm, {"action": "send"}, follow=True)

    assert "less than a minute ago" in answer.content.decode()
    assert user.security_codes.count() == sent


def test_a_passkey_is_added_by_its_answer(client: Client, user: User) -> None:
    address = reverse("accounts:mfa_add_passkey")
    key = SoftKey()
    question = client.get(address)
    assert question.content.decode().count('name="passkey"') == 1
    answer = key.create(options_on(question))

    page = client.post(address, {"name": "Blue key", "passkey": answer}, follow=True)

    assert "Blue key" in page.content.decode()
    user.refresh_from_db()
    assert user.has_strong_factor
    assert _mails("mfa_device_added") == 1
    # The same answer again finds no question.
    again = client.post(address, {"name": "Second", "passkey": answer})
    assert "This passkey could not be used" in again.content.decode()
    assert user.mfa_devices.count() == 1


def test_without_an_answer_no_passkey_is_added(client: Client, user: User) -> None:
    address = reverse("accounts:mfa_add_passkey")
    client.get(address)

    page = client.post(address, {"name": "Blue key", "passkey": ""})

    assert page.status_code == 200
    assert not user.mfa_devices.exists()


def test_recovery_codes_are_shown_once_and_come_after_a_device(client: Client, user: User) -> None:
    recovery = reverse("accounts:mfa_set_up", args=["recovery"])
    assert client.get(recovery).status_code == 404
    add_app(client)

    page = client.post(recovery).content.decode()

    shown = [part.partition("<")[0] for part in page.split("<code>")[1:]]
    assert len(set(shown)) == 10
    assert "data:text/plain;charset=utf-8,Recovery%20codes" in page
    assert shown[0] in page.partition("data:text/plain")[2]
    listed = _list(client)
    assert "10 codes left" in listed
    assert shown[0] not in listed
    assert client.get(recovery).status_code == 404


def test_five_are_the_most(client: Client, user: User, settings: Any) -> None:
    settings.MFA_DEVICE_LIMIT = 2
    add_app(client, "First")
    add_app(client, "Second", kind="app_computer")

    assert "which is the most possible" in _list(client)
    assert client.get(reverse("accounts:mfa_add")).status_code == 302
    assert client.get(reverse("accounts:mfa_set_up", args=["text"])).status_code == 404


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
    PortalSession.objects.filter(user=user).update(
        verified_at=clock.now() - timedelta(minutes=5, seconds=1)
    )
    step_up = reverse("accounts:step_up")

    for name, arguments in (
        ("mfa_devices", []),
        ("mfa_add", []),
        ("mfa_set_up", ["text"]),
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
    assert user.mfa_devices.count() == 1


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
