"""Adding an MFA device: each kind with a proof of its own, up to five."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import (
    add_app,
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
