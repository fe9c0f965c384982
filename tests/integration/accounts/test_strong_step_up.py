"""Where a fresh sign-in is asked for, a weak one does not do for people who need a strong one."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import assurance
from accounts.assurance import Strength
from accounts.models import MFADevice, PortalSession, User
from accounts.services import codes
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts, devices
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_zone
from tests.factories.challenge import give_answers
from tests.factories.devices import Kind
from tests.factories.organizations import make_organization
from tests.integration.accounts.mfa_pages import begin, code_of_app, secret_on
from tests.integration.accounts.second_step import begin as begin_sign_in
from tests.integration.accounts.second_step import is_signed_in, post
from tests.live import urls_document

pytestmark = pytest.mark.django_db

STEP_UP = "/login/again/"
NEEDED = "This page needs an authenticator app, passkey or security key."
# What is there at least; the others are found by their marker.
KNOWN = {
    "accounts:mfa_devices", "accounts:mfa_add", "accounts:mfa_add_passkey", "accounts:mfa_set_up",
    "accounts:mfa_confirm", "accounts:mfa_rename", "accounts:mfa_default", "accounts:mfa_remove",
    "accounts:mfa_register", "accounts:change_password", "accounts:change_questions",
    "accounts:answer_questions", "accounts:change_profile", "accounts:my_data_page",
    "support:helpdesk_action", "support:helpdesk_proposal", "support:audit_export",
}  # fmt: skip


@pytest.fixture
def approver() -> User:
    """Decides for one organization, holds an app, and has accepted all rules."""
    boss = cast.external_approver(has_mfa=False, has_strong_factor=False)
    make_grant(boss, make_zone()["external-approver"], make_organization("Harbor"))
    devices.device(boss, name="Old app")
    assert assurance.needs_strong_factor(boss)
    return give_answers(accounts.accept_rules(boss))


def _came_in_weakly(user: User) -> Client:
    """Sign in with the password and a One-Time Security Code that an agent has read out."""
    code = codes.issue_one_time(user=user, by=cast.portal_help_desk(), mailed=False)
    client = Client()
    begin_sign_in(client, user.user_id)
    post(client, password=accounts.PASSWORD)
    post(client, device_type="one_time", security_code=codes.readable(code))
    assert is_signed_in(client)
    PortalSession.objects.filter(user=user).update(rules_checked_at=_session(user).verified_at)
    assert _session(user).strength == Strength.WEAK
    return client


def _session(user: User) -> PortalSession:
    return PortalSession.objects.get(user=user, ended_at=None)


def _show_app(client: Client, app: MFADevice, wanted: str) -> Any:
    fields = {"device_type": "app_phone", "security_code": devices.code_of(app)}
    return client.post(STEP_UP, {"next": wanted, "password": accounts.PASSWORD, **fields})


def _state(user: User) -> tuple[Any, ...]:
    """What the pages could have changed."""
    return (
        User.objects.filter(pk=user.pk).values().get(),
        list(MFADevice.objects.filter(user=user).order_by("pk").values()),
        AuditEntry.objects.count(),
        OutboxMessage.objects.count(),
        _session(user).strength,
    )


def _filled(path: str, app: MFADevice, begun: MFADevice) -> str:
    device = begun if path.endswith("/confirm/") else app
    words = {"kind": "app_phone", "action": "unlock", "device_id": str(device.pk)}
    return re.sub(r"<(\w+)>", lambda place: words.get(place[1], "1"), path)


def test_no_page_that_asks_again_opens_after_a_weak_sign_in(approver: User) -> None:
    app = MFADevice.objects.get(user=approver)
    begun = devices.device(approver, Kind.APP_COMPUTER, confirmed=False, confirmed_at=None)
    client = _came_in_weakly(approver)
    before, pages = _state(approver), urls_document.asking_again()
    assert pages.keys() >= KNOWN
    opened = []

    for name, path in pages.items():
        address = _filled(path, app, begun)
        for ask in (client.get, client.post):
            answer = ask(address)
            # Pages for agents and auditors do not exist for an approver.
            is_shut = answer.status_code == 404 if name.startswith("support:") else _is_led(answer)
            if not is_shut:
                opened.append(f"{ask.__name__} {address}: {answer.status_code}")

    for path in ("/profile/sessions/", "/profile/data/"):
        assert _is_led(client.post(path, {"end": "others"})), path
    assert opened == []
    assert _state(approver) == before
    page = client.get(STEP_UP).content.decode()
    assert NEEDED in page
    assert "If you have lost it" in page


def _is_led(answer: Any) -> bool:
    target: str = answer.headers.get("Location", "")
    return answer.status_code == 405 or target.startswith(f"{STEP_UP}?next=/")


@pytest.mark.parametrize("person", [cast.portal_help_desk, cast.auditor])
def test_agents_and_auditors_are_led_to_the_strong_factor_too(person: Any) -> None:
    user = person(has_mfa=False, has_strong_factor=False)
    app = devices.app(user)
    client = cast.client_of(user, Strength.WEAK)
    led = {
        name
        for name, path in urls_document.asking_again().items()
        if _is_led(client.get(_filled(path, app, app)))
    }

    here = "support:audit_export" if person is cast.auditor else "support:helpdesk_action"
    assert led >= {here, "accounts:mfa_add", "accounts:change_password"}


def test_with_the_app_the_same_pages_open_and_the_session_is_strong(approver: User) -> None:
    app = MFADevice.objects.get(user=approver)
    client = _came_in_weakly(approver)
    wanted = reverse("accounts:mfa_add")

    assert _show_app(client, app, wanted)["Location"] == wanted

    assert _session(approver).strength == Strength.STRONG
    for name in ("mfa_devices", "mfa_add", "change_password", "answer_questions"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 200
    page = begin(client, "app_computer")
    code = code_of_app(secret_on(page))
    client.post(page.redirect_chain[-1][0], {"code": code, "name": "New app"})
    client.post(reverse("accounts:mfa_remove", args=[app.pk]))
    names = approver.mfa_devices.values_list("name", flat=True)
    assert list(names) == ["New app"]


def test_a_weak_factor_is_refused_when_one_confirms_again(approver: User) -> None:
    client = _came_in_weakly(approver)
    code = codes.issue_one_time(user=approver, by=cast.stranger(), mailed=False)
    fields = {"device_type": "one_time", "security_code": codes.readable(code)}

    client.post(STEP_UP, {"next": "/", "password": accounts.PASSWORD, **fields})

    assert _session(approver).strength == Strength.WEAK


@pytest.mark.parametrize("held", [None, Kind.EMAIL])
def test_who_needs_a_strong_device_and_has_none_adds_the_first(
    approver: User, held: str | None
) -> None:
    MFADevice.objects.filter(user=approver).delete()
    User.objects.filter(pk=approver.pk).update(has_mfa=False, has_strong_factor=False)
    approver.refresh_from_db()
    if held:
        devices.device(approver, held)
    client = cast.client_of(approver)

    page = begin(client, "app_phone")
    code = code_of_app(secret_on(page))
    client.post(page.redirect_chain[-1][0], {"code": code, "name": "First app"})

    approver.refresh_from_db()
    assert approver.has_strong_factor
    assert _session(approver).strength == Strength.STRONG
    assert client.get(reverse("accounts:mfa_add")).status_code == 200


def test_who_needs_no_strong_factor_goes_on_with_a_weak_one_and_stays_weak() -> None:
    """An app added in a weak session proves itself when it is used, not by having been added."""
    person = cast.assister()
    devices.app(person)
    client = cast.client_of(person, Strength.WEAK)

    page = begin(client, "app_computer")
    code = code_of_app(secret_on(page))
    client.post(page.redirect_chain[-1][0], {"code": code, "name": "Second app"})

    assert person.mfa_devices.filter(confirmed=True).count() == 2
    assert _session(person).strength == Strength.WEAK


def test_the_welcome_says_what_a_weak_sign_in_leaves_shut(approver: User) -> None:
    page = _came_in_weakly(approver).get("/welcome/").content.decode()

    assert "You logged in without your authenticator app or passkey" in page
    assert "This session is limited" in page
    for href in (reverse("support:helpdesk_code"), reverse("support:help")):
        assert f'href="{href}">' in page


def test_who_needs_no_strong_device_is_led_to_the_devices_instead() -> None:
    person = accounts.accept_rules(give_answers(cast.assister()))
    devices.app(person)

    page = _came_in_weakly(person).get("/welcome/").content.decode()

    assert "You logged in without your authenticator app or passkey" in page
    assert "This session is limited" not in page


def test_after_a_strong_sign_in_the_welcome_says_nothing_of_it() -> None:
    page = cast.client_of(cast.administrator()).get("/welcome/").content.decode()

    assert "without your authenticator app" not in page
