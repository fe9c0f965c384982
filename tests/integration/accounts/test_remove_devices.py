"""An administrator without a device: the server's people remove it, and a new one opens all."""

import getpass
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.assurance import Strength
from accounts.models import MFADevice, PortalSession, User
from audit.context import command_line
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.devices import Kind
from tests.integration.accounts.mfa_pages import add_app
from tests.integration.accounts.second_step import begin, post

pytestmark = pytest.mark.django_db

WHY = "Phone lost, known by sight"


@pytest.fixture
def admin() -> User:
    """Has an app, a mailbox and codes on paper, and none of them at hand."""
    person = accounts.accept_rules(cast.administrator(has_mfa=False, has_strong_factor=False))
    devices.app(person)
    devices.device(person, Kind.EMAIL)
    devices.recovery_codes(person)
    return person


def remove(user_id: str, reason: str = WHY) -> str:
    out = StringIO()
    call_command("remove_devices", user_id, reason=reason, stdout=out)
    return out.getvalue()


def follow_the_rules(client: Client) -> None:
    """Accept what people with rights are asked to accept."""
    page = client.get(reverse("accounts:acknowledge"))
    typed = {name: field.initial for name, field in page.context["form"].fields.items()}
    ticked = {name: "on" for name in typed if name.startswith("accept_")}
    assert client.post(reverse("accounts:acknowledge"), {**typed, **ticked}).status_code == 302


def test_every_device_goes_and_every_session_ends(admin: User) -> None:
    session = cast.sign_in(Client(), admin)

    said = remove("Admin.Portal")

    admin.refresh_from_db()
    session.refresh_from_db()
    assert not MFADevice.objects.filter(user=admin).exists()
    assert (admin.has_mfa, admin.has_strong_factor) == (False, False)
    assert session.end_reason == PortalSession.End.ACCOUNT_CHANGED
    assert "admin.portal" in said


def test_the_log_says_why_and_that_it_was_the_command_line(admin: User) -> None:
    remove(admin.user_id)

    entries = AuditEntry.objects.filter(tag="device:remove")
    assert {(entry.actor_id, entry.reason) for entry in entries} == {(None, WHY)}
    assert {entry.on_behalf_of_id for entry in entries} == {admin.pk}
    assert {entry.actor_label for entry in entries} == {f"command line ({getpass.getuser()})"}


def test_an_account_of_the_machine_without_a_name_is_a_number(monkeypatch: Any) -> None:
    def fail() -> str:
        raise KeyError(1000)

    monkeypatch.setattr(getpass, "getuser", fail)
    monkeypatch.setattr("os.getuid", lambda: 1000)
    assert command_line().origin == "command line (1000)"


def test_the_person_is_told_who_did_it_and_can_disown_it(admin: User) -> None:
    remove(admin.user_id)

    mails = OutboxMessage.objects.filter(name="mfa_device_removed", recipient=admin).order_by("pk")
    assert len(mails) >= 2
    for mail in mails:
        assert "Those who run the portal did this." in mail.body_text
        assert "A help desk did this." not in mail.body_text
        assert WHY in mail.body_text
        assert "/not-me/link/" in mail.body_text
    last = mails.last()
    assert last is not None
    assert "Your account has no MFA device now" in last.body_text


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: remove("nobody.here"), "Nobody has the User ID nobody.here"),
        (lambda: remove("admin.portal", reason="  "), "Please give a reason."),
        (lambda: call_command("remove_devices", "admin.portal"), "--reason"),
        (lambda: call_command("remove_devices", reason=WHY), "user-id"),
    ],
)
def test_without_a_known_account_and_a_reason_nothing_happens(
    admin: User, call: Callable[[], object], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call()
    assert MFADevice.objects.filter(user=admin).count() == 3
    assert not AuditEntry.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_without_devices_there_is_nothing_to_do(admin: User) -> None:
    remove(admin.user_id)
    with pytest.raises(CommandError, match="no MFA device"):
        remove(admin.user_id)


def test_the_way_back_into_the_administration(admin: User) -> None:
    """The password opens the portal, not the administration; the first new device opens both."""
    remove(admin.user_id)
    client = Client()
    begin(client, admin.user_id)
    answer = post(client, password=accounts.PASSWORD)
    assert answer["Location"] == reverse("access_requests:welcome")
    follow_the_rules(client)
    assert client.get(answer["Location"]).status_code == 200

    led = client.get("/admin/", follow=True)
    assert led.redirect_chain == [(reverse("accounts:mfa_devices"), 302)]
    assert "This page needs an authenticator app" in led.content.decode()
    assert client.get("/admin/accounts/user/").status_code == 302

    add_app(client, "New phone")

    admin.refresh_from_db()
    session = PortalSession.objects.get(user=admin, ended_at=None)
    assert admin.has_strong_factor
    assert session.strength == Strength.STRONG
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200
