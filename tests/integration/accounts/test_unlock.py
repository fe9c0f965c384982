"""Unlocking an account oneself with the mailed link and a second factor."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import Disavowal, ThrottleCounter, User
from accounts.reasons import Reason
from accounts.services import sign_in
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications import links
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.accounts import PASSWORD
from tests.integration.accounts.recovery_pages import visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def avery() -> User:
    """Somebody with an authenticator app."""
    user = cast.assister()
    devices.app(user)
    return user


def attempt(user: User, password: str, cookie: str = "") -> Any:
    """What a sign-in comes to."""
    browser = sign_in.Browser("198.51.100.7", "", cookie, "", clock.now())
    try:
        return sign_in.sign_in(user_id=user.user_id, password=password, browser=browser)
    except Refusal as refusal:
        return refusal.reason


def lock(user: User, cookie: str = "") -> None:
    """Type wrong passwords until the account is locked."""
    for _ in range(5):
        assert attempt(user, "Wrong-Quay-1", cookie) == Reason.NOT_SIGNED_IN


def link(name: str = "account_locked") -> str:
    """The path in the newest mail of a kind, as it is after delivery."""
    mail = OutboxMessage.objects.filter(name=name).latest("id")
    text = links.resolve(mail.body_text, mail.message_id)
    found = re.search(r"http://[^/\s]+(/login/unlock/link/[^\s]+)", text)
    assert found, text
    return found.group(1)


def code_page(client: Client, **data: str) -> Any:
    """Send the page that asks for a code."""
    return client.post(reverse("accounts:unlock_code"), data, follow=True)


def the_app(user: User) -> Any:
    """The person's app."""
    return user.mfa_devices.get(kind="app_phone")


def test_link_and_code_open_the_account_for_the_right_password(avery: User) -> None:
    lock(avery)
    assert attempt(avery, PASSWORD) == Reason.NOT_SIGNED_IN
    client = Client()
    assert "Unlock Account" in client.get(link(), follow=True).content.decode()

    done = code_page(client, device_type="app_phone", security_code=devices.code_of(the_app(avery)))

    assert "Your account is unlocked." in done.content.decode()
    assert isinstance(attempt(avery, PASSWORD), sign_in.PasswordAccepted)
    assert AuditEntry.objects.filter(tag="account:unlock").count() == 1
    assert OutboxMessage.objects.filter(name="account_unlocked").count() == 1
    assert Disavowal.objects.get().event == "account_unlocked"
    assert client.get("/profile/").status_code == 302


def test_the_link_alone_opens_nothing(avery: User) -> None:
    lock(avery)
    client = Client()
    client.get(link(), follow=True)
    wrong = code_page(client, device_type="app_phone", security_code="000000")

    assert wrong.redirect_chain == []
    assert attempt(avery, PASSWORD) == Reason.NOT_SIGNED_IN


@pytest.mark.parametrize("kind", ["email", "one_time"])
def test_codes_that_come_by_mail_do_not_count(avery: User, kind: str) -> None:
    devices.device(avery, devices.Kind.EMAIL)
    lock(avery)
    client = Client()
    page = client.get(link(), follow=True).content.decode()

    assert f'value="{kind}"' not in page
    assert code_page(client, device_type=kind, security_code="123456").redirect_chain == []


def test_a_link_dies_with_its_lock(avery: User) -> None:
    lock(avery)
    path, client = link(), Client()
    client.get(path)
    code_page(client, device_type="app_phone", security_code=devices.code_of(the_app(avery)))

    assert client.get(path, follow=True).status_code == 410
    lock(avery)
    assert client.get(path, follow=True).status_code == 410
    assert client.get(link(), follow=True).status_code == 200


def test_a_lock_of_the_own_browser_is_opened_in_that_browser(avery: User) -> None:
    from accounts.services import known_browsers

    known = known_browsers.issue(avery)
    lock(avery, known.value)
    elsewhere, own = Client(), Client()
    own.cookies[known.cookie_name] = known.value

    assert elsewhere.get(link(), follow=True).status_code == 410
    own.get(link())
    code_page(own, device_type="app_phone", security_code=devices.code_of(the_app(avery)))
    assert isinstance(attempt(avery, PASSWORD, known.value), sign_in.PasswordAccepted)


def test_people_without_a_device_get_no_link() -> None:
    user = cast.stranger()
    lock(user)

    assert "/login/unlock/link/" not in OutboxMessage.objects.get().body_text


def test_the_link_is_mailed_again_and_everybody_reads_the_same(avery: User) -> None:
    lock(avery)
    end_user, stranger = cast.end_user(), cast.stranger()
    lock(stranger)
    pages = {
        visible(Client().post(reverse("accounts:unlock"), {"user_id": user_id}, follow=True))
        for user_id in (avery.user_id, end_user.user_id, stranger.user_id, "nobody.here")
    }

    assert len(pages) == 1
    mail = OutboxMessage.objects.get(name="account_unlock_link")
    assert mail.to == avery.email
    client = Client()
    client.get(link("account_unlock_link"))
    code_page(client, device_type="app_phone", security_code=devices.code_of(the_app(avery)))
    assert isinstance(attempt(avery, PASSWORD), sign_in.PasswordAccepted)


def test_at_most_three_mails_an_hour_leave(avery: User) -> None:
    lock(avery)
    for _ in range(5):
        Client().post(reverse("accounts:unlock"), {"user_id": avery.user_id})

    assert OutboxMessage.objects.filter(name="account_unlock_link").count() == 3


def test_one_address_does_not_ask_for_ever(avery: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.services.unlock.REQUESTS_PER_ADDRESS", 1)
    assert Client().post(reverse("accounts:unlock"), {"user_id": "x.y.z"}).status_code == 302

    response = Client().post(reverse("accounts:unlock"), {"user_id": avery.user_id})
    assert response.status_code == 429


@pytest.mark.parametrize("token", ["nonsense", "WzEsMV0:1abc:xyz"])
def test_made_up_links_are_dead(token: str) -> None:
    assert Client().get(reverse("accounts:unlock_link", args=[token])).status_code == 410
    assert Client().post(reverse("accounts:unlock_code")).status_code == 410


def test_an_account_closed_meanwhile_is_not_unlocked(avery: User) -> None:
    lock(avery)
    User.objects.filter(pk=avery.pk).update(is_active=False)

    assert Client().get(link(), follow=True).status_code == 410
    assert ThrottleCounter.objects.filter(purpose="password_stranger").exists()
