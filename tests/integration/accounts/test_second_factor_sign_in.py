"""Signing in with a second factor: on one page, in one post or two, and never around it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

import clock
from accounts import half
from accounts.assurance import AAL, Strength
from accounts.models import MFADevice, PortalSession, SecurityCode, User
from accounts.services import codes, sign_in
from audit.models import AuditEntry
from notifications import mailbox
from notifications.models import MailboxMessage, OutboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind

pytestmark = pytest.mark.django_db

PASSWORD_PAGE = "accounts:password"
ACCEPTED = "was accepted"
REFUSED = "We could not accept this security code."


def begin(client: Client, user_id: str) -> Any:
    """Accept the terms, type the User ID, open the second step."""
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user_id})
    return client.get(reverse(PASSWORD_PAGE))


def post(client: Client, **fields: str) -> Any:
    """Send the second step."""
    return client.post(reverse(PASSWORD_PAGE), fields)


def is_signed_in(client: Client) -> bool:
    """Whether a page for people who are signed in asks for no sign-in."""
    answer = client.get(reverse("accounts:profile"))
    return not answer.headers.get("Location", "").startswith(reverse("accounts:login"))


def halfway(client: Client, user: User) -> None:
    """Give the password alone."""
    begin(client, user.user_id)
    response = post(client, password=accounts.PASSWORD)
    assert response["Location"] == reverse(PASSWORD_PAGE)


@pytest.fixture
def person() -> User:
    """Somebody without a device."""
    return cast.assister()


def test_people_without_a_device_see_no_fields_for_one(person: User) -> None:
    page = begin(Client(), person.user_id).content.decode()

    assert "MFA Device Type" not in page
    assert "Security Code" not in page


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


def test_whoever_was_signed_in_here_before_is_signed_out_by_the_password(person: User) -> None:
    devices.app(person)
    client = cast.client_of(accounts.user())

    halfway(client, person)

    assert PortalSession.objects.get().ended_at is not None


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


def test_a_session_without_the_factor_is_over_when_a_device_appears(person: User) -> None:
    client = cast.client_of(person)
    assert is_signed_in(client)

    devices.app(person)

    assert not is_signed_in(client)
    assert MFADevice.objects.get().confirmed
