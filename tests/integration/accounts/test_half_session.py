"""Between password and code: what is open, and what ends it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import clock
from accounts import half
from accounts.models import MFADevice, PortalSession, SecurityCode, User
from accounts.services import codes
from notifications import mailbox
from notifications.models import MailboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind
from tests.integration.accounts.second_step import PASSWORD_PAGE, begin, halfway, is_signed_in, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    """Somebody without a device."""
    return cast.assister()


def test_the_default_device_is_chosen_once_the_password_was_right(person: User) -> None:
    devices.device(person, Kind.EMAIL)
    devices.app(person)
    client = Client()
    halfway(client, person)

    page = client.get(reverse(PASSWORD_PAGE)).content.decode()

    assert '<option value="email" selected>' in page


def test_the_key_changes_after_the_password_and_after_the_code(person: User) -> None:
    app = devices.app(person)
    client = Client()
    begin(client, person.user_id)
    keys = [client.session.session_key]
    post(client, password=accounts.PASSWORD)
    keys.append(client.session.session_key)
    post(client, device_type="app_phone", security_code=devices.code_of(app))
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3


@pytest.mark.parametrize("leave", ["cancel", "logout", "login"])
def test_leaving_ends_the_half_session(person: User, leave: str) -> None:
    devices.app(person)
    client = Client()
    halfway(client, person)

    if leave == "cancel":
        assert post(client, action="cancel")["Location"] == reverse("portal:home")
    elif leave == "logout":
        client.post(reverse("accounts:logout"))
    else:
        assert client.get(reverse("accounts:login")).status_code == 302

    assert not half.is_there(client.session)
    assert client.get(reverse("portal:home")).status_code == 200


def test_the_half_session_is_over_after_ten_minutes(person: User) -> None:
    app = devices.app(person)
    client = Client()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        halfway(client, person)
        traveller.shift(timedelta(minutes=10, seconds=1))
        response = post(client, device_type="app_phone", security_code=devices.code_of(app))

    assert response.status_code == 200
    assert 'name="password"' in response.content.decode()
    assert not PortalSession.objects.exists()


@pytest.mark.parametrize("change", ["password", "version", "closed"])
def test_a_change_of_the_account_ends_the_half_session(person: User, change: str) -> None:
    app = devices.app(person)
    client = Client()
    halfway(client, person)
    if change == "password":
        person.set_password("Another-Quay-2026")
    elif change == "version":
        person.security_version += 1
    else:
        person.deactivate(at=clock.now(), reason="gone")
    person.save()

    post(client, device_type="app_phone", security_code=devices.code_of(app))

    assert not PortalSession.objects.exists()


def test_a_half_session_shows_the_own_messages_of_a_training_installation(
    person: User, settings: Any
) -> None:
    settings.MAILBOX_ENABLED = True
    devices.device(person, Kind.TEXT)
    client = Client()
    halfway(client, person)
    post(client, device_type="text", action="send")
    code = codes.readable(SecurityCode.objects.get())
    mailbox.keep(channel=MailboxMessage.Channel.TEXT, to="+12025550199", words="Not for you.")

    page = client.get(reverse(PASSWORD_PAGE)).content.decode()

    assert code in page
    assert "Not for you." not in page
    settings.MAILBOX_ENABLED = False
    assert code not in client.get(reverse(PASSWORD_PAGE)).content.decode()
    settings.MAILBOX_ENABLED = True
    stranger = Client()
    begin(stranger, person.user_id)
    assert code not in stranger.get(reverse(PASSWORD_PAGE)).content.decode()


def test_whoever_was_signed_in_here_before_is_signed_out_by_the_password(person: User) -> None:
    devices.app(person)
    client = cast.client_of(accounts.user())

    halfway(client, person)

    assert PortalSession.objects.get().ended_at is not None


def test_a_session_without_the_factor_is_over_when_a_device_appears(person: User) -> None:
    client = cast.client_of(person)
    assert is_signed_in(client)

    devices.app(person)

    assert not is_signed_in(client)
    assert MFADevice.objects.get().confirmed
