"""Each kind of second factor at the sign-in: sent, shown, on paper, one's own and in use."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.assurance import Strength
from accounts.models import PortalSession, SecurityCode, User
from accounts.services import codes
from audit.models import AuditEntry
from notifications.models import MailboxMessage, OutboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind
from tests.integration.accounts.second_step import (
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


def test_somebody_elses_code_does_not_help(person: User) -> None:
    other = accounts.user()
    devices.app(person)
    theirs = devices.app(other)
    client = Client()
    halfway(client, person)

    response = post(client, device_type="app_phone", security_code=devices.code_of(theirs))

    assert REFUSED in response.content.decode()


def test_somebody_elses_device_cannot_be_chosen(person: User) -> None:
    other = accounts.user()
    devices.app(person)
    theirs = devices.app(other)
    client = Client()
    halfway(client, person)

    response = post(
        client, device_type=f"app_phone:{theirs.pk}", security_code=devices.code_of(theirs)
    )

    assert "Select one of the devices" in response.content.decode()
    assert not PortalSession.objects.exists()


def test_send_with_the_password_sends_and_the_code_from_the_mailbox_signs_in(
    person: User, settings: Any
) -> None:
    devices.device(person, Kind.TEXT)
    client = Client()
    begin(client, person.user_id)

    response = client.post(
        reverse(PASSWORD_PAGE),
        {"password": accounts.PASSWORD, "device_type": "text", "action": "send"},
        follow=True,
    )

    assert "on its way to" in response.content.decode()
    assert devices.PHONE not in response.content.decode()
    message = MailboxMessage.objects.get(channel="text")
    code = codes.readable(SecurityCode.objects.get())
    assert message.to == devices.PHONE
    assert code not in message.body_text
    post(client, device_type="text", security_code=code)
    session = PortalSession.objects.get()
    assert session.strength == Strength.WEAK


def test_send_with_a_wrong_password_sends_nothing_and_is_counted(person: User) -> None:
    devices.device(person, Kind.TEXT)
    client = Client()
    begin(client, person.user_id)

    response = post(client, password="wrong wrong wrong", device_type="text", action="send")

    assert "We could not log you in." in response.content.decode()
    assert not MailboxMessage.objects.exists()
    assert AuditEntry.objects.filter(tag="session:sign_in_failed").count() == 1


def test_no_code_can_be_read_in_the_outbox(person: User) -> None:
    devices.device(person, Kind.EMAIL)
    client = Client()
    halfway(client, person)

    post(client, device_type="email", action="send")

    mail = OutboxMessage.objects.get(name="security_code")
    code = codes.readable(SecurityCode.objects.get())
    assert code not in f"{mail.subject}{mail.body_text}{mail.body_html}"
    post(client, device_type="email", security_code=code)
    assert PortalSession.objects.get().strength == Strength.WEAK


def test_an_app_needs_no_sending_and_nobody_elses_kind_can_be_used(person: User) -> None:
    devices.app(person)
    client = Client()
    halfway(client, person)

    shows_itself = post(client, device_type="app_phone", action="send").content.decode()
    nothing_chosen = post(client, device_type="", action="send").content.decode()
    no_code = post(client, device_type="app_phone").content.decode()

    assert "shows its code itself" in shows_itself
    assert "Select the device that gives you the code." in nothing_chosen
    assert "Enter the security code." in no_code


def test_the_one_time_code_signs_in_once(person: User) -> None:
    devices.app(person)
    code = codes.readable(codes.issue_one_time(user=person))
    for expected in (1, 1):
        client = Client()
        begin(client, person.user_id)
        post(
            client,
            password=accounts.PASSWORD,
            device_type="one_time",
            security_code=code,
        )
        assert PortalSession.objects.count() == expected
    assert PortalSession.objects.get().strength == Strength.WEAK


def test_a_recovery_code_signs_in_once_however_it_is_typed(person: User) -> None:
    devices.app(person)
    _device, texts = devices.recovery_codes(person)
    client = Client()
    halfway(client, person)
    typed = texts[3].upper().replace("-", " ")
    post(client, device_type="recovery", security_code=typed)
    assert is_signed_in(client)
    again = Client()
    halfway(again, person)

    response = post(again, device_type="recovery", security_code=texts[3])

    assert REFUSED in response.content.decode()


def test_an_unconfirmed_device_opens_nothing(person: User) -> None:
    devices.app(person)
    begun = devices.device(
        person, Kind.APP_COMPUTER, confirmed=False, confirmed_at=None, is_default=False
    )
    client = Client()
    halfway(client, person)

    response = post(client, device_type="app_computer", security_code=devices.code_of(begun))

    assert response.status_code == 200
    assert not PortalSession.objects.exists()


def test_who_has_several_of_a_kind_may_choose_one_or_any(person: User) -> None:
    first, second = devices.app(person), devices.app(person, name="Tablet")
    client = Client()
    halfway(client, person)
    page = client.get(reverse(PASSWORD_PAGE)).content.decode()
    assert f'value="app_phone:{second.pk}"' in page
    assert "Tablet" in page

    wrong = post(client, device_type=f"app_phone:{first.pk}", security_code=devices.code_of(second))
    assert REFUSED in wrong.content.decode()
    post(client, device_type="app_phone", security_code=devices.code_of(second))

    assert PortalSession.objects.get().device_id == second.pk
