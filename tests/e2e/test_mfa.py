"""Second factors in the browser: set up, used, lost and offered; with a real clock and keys."""

import base64
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.inspection import look
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import (
    ANSWERS,
    Person,
    accept_terms,
    control,
    field,
    heading,
    open_menu,
    press,
    sign_in,
    sign_out,
)
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mail import MailSink
from tests.live.portal import RunningPortal

CODE = re.compile(r"\b(\d{6})\b")
DEVICES = "Manage MFA Devices"
WELCOME = "Welcome to CMS Enterprise Portal"
QUESTIONS = (
    "Which food did you refuse to eat as a child?",
    "What did you call your first stuffed animal?",
    "For what did you receive your first medal, ribbon or prize?",
)


class App:
    """An authenticator app that knows one secret."""

    def __init__(self, secret: str) -> None:
        self._key = base64.b32decode(secret.replace(" ", ""))
        self._last = -1

    def code(self) -> str:
        """What it shows; the next code when this one was used already, as people wait for it."""
        totp = TOTP(self._key)
        now = time.time()
        totp.time = now if int(now) // 30 > self._last else (self._last + 1) * 30
        self._last = int(totp.time) // 30
        return f"{totp.token():06d}"


def open_devices(page: Page) -> None:
    """Go to the list of devices as people do."""
    open_menu(page).get_by_role("link", name="My Profile").click()
    page.get_by_role("navigation", name="My Profile").get_by_role("link", name=DEVICES).click()
    expect(heading(page, DEVICES)).to_be_visible()


def add_app(page: Page) -> App:
    """Add an authenticator app from the list of devices."""
    press(page, "Add Device")
    press(page, "Add Authenticator App on a Phone")
    press(page, "Next")
    app = App(page.get_by_test_id("secret").inner_text())
    field(page, "Security Code").fill(app.code())
    press(page, "Confirm")
    expect(heading(page, DEVICES)).to_be_visible()
    return app


def begin_sign_in(page: Page, person: Person) -> None:
    """Go to the page with the password."""
    accept_terms(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)


def add_key(page: Page) -> CDPSession:
    """Plug a key into the browser that checks its owner and answers at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def answer_questions(page: Page) -> None:
    """Answer the three challenge questions."""
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        field(page, question).fill(answer)
    press(page, "Next")


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(
    visitor: Visitor, newcomer: Newcomer, mail: MailSink
) -> None:
    person, complaints = newcomer(), []
    page = sign_in(visitor(), person)
    open_devices(page)
    complaints += look(page)
    press(page, "Add Device")
    expect(heading(page, "Add Device")).to_be_visible()
    complaints += look(page)
    press(page, "Add Authenticator App on a Phone")
    press(page, "Next")
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    complaints += look(page)
    app = App(page.get_by_test_id("secret").inner_text())

    field(page, "Security Code").fill("000000")
    press(page, "Confirm")
    expect(page.get_by_role("alert")).to_contain_text("We could not accept this security code")
    complaints += look(page)
    field(page, "Security Code").fill(app.code())
    field(page, "Device name").fill("My green phone")
    press(page, "Confirm")
    expect(heading(page, "Add a second device", level=2)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("My green phone"))).to_contain_text("Strong")
    complaints += look(page)
    assert mail.wait_for(person.email, "MFA device was added").link("/not-me/link/")

    # The sign-in as the source describes it: password, device type, code, all on one page.
    sign_out(page)
    begin_sign_in(page, person)
    for name in (
        "Enter Security Code",
        "Unable to Access Security Code?",
        "Need to Register an MFA Device?",
    ):
        expect(heading(page, name, level=2)).to_be_visible()
    complaints += look(page)
    field(page, "MFA Device Type").select_option(label="Authenticator app on a phone")
    field(page, "Security Code").fill(app.code())
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    expect(heading(page, WELCOME)).to_be_visible()
    assert complaints == []


def test_devices_are_renamed_and_removed(visitor: Visitor, newcomer: Newcomer) -> None:
    page = sign_in(visitor(), newcomer())
    complaints: list[str] = []
    open_devices(page)
    add_app(page)
    press(page, "Rename")
    complaints += look(page)
    field(page, "Device name").fill("The old phone")
    press(page, "Save")
    expect(page.get_by_role("row", name=re.compile("The old phone"))).to_be_visible()
    press(page, "Remove")
    expect(page.get_by_role("main")).to_contain_text("It is your only device")
    complaints += look(page)
    press(page, "Remove Device")
    expect(heading(page, "You have no MFA device yet", level=2)).to_be_visible()
    assert complaints == []


def test_a_passkey_is_registered_and_opens_the_portal_alone_and_after_the_password(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    person, complaints = newcomer(), []
    page = visitor()
    add_key(page)
    sign_in(page, person)
    open_devices(page)
    press(page, "Add Device")
    press(page, "Add Passkey or Security Key")
    complaints += look(page)
    press(page, "Register passkey")
    expect(page.get_by_role("row", name=re.compile("My passkey"))).to_contain_text("Strong")

    sign_out(page)
    accept_terms(page)
    page.get_by_role("link", name="Sign in with a passkey").click()
    expect(heading(page, "Sign in with a passkey")).to_be_visible()
    complaints += look(page)
    press(page, "Use my passkey")
    expect(page).to_have_url(re.compile(r"/welcome/$"))

    sign_out(page)
    begin_sign_in(page, person)
    press(page, "Log In")
    press(page, "Use my passkey")
    expect(page.get_by_role("main")).to_contain_text("Your password is right")
    complaints += look(page)
    press(page, "Use my passkey")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    assert complaints == []


def test_the_same_key_is_not_registered_twice(visitor: Visitor, newcomer: Newcomer) -> None:
    page = visitor()
    add_key(page)
    sign_in(page, newcomer())
    for _time in range(2):
        page.goto("/profile/mfa/add/passkey/")
        press(page, "Register passkey")
        expect(
            page.get_by_text("The passkey is added").or_(page.get_by_role("alert"))
        ).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("is registered already")


def test_a_browser_without_a_key_says_so_and_goes_on(visitor: Visitor, newcomer: Newcomer) -> None:
    page = visitor(java_script_enabled=False)
    accept_terms(page)
    page.get_by_role("link", name="Sign in with a passkey").click()
    expect(page.get_by_text("Passkeys need scripts")).to_be_visible()
    expect(control(page, "Use my passkey")).to_be_hidden()
    press(page, "Use my password instead")
    person = newcomer()
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)
    press(page, "Log In")
    expect(heading(page, WELCOME)).to_be_visible()


def test_who_lost_the_device_gets_in_by_a_one_time_code(
    visitor: Visitor, newcomer: Newcomer, mail: MailSink
) -> None:
    person, complaints = newcomer(), []
    page = sign_in(visitor(), person)
    open_devices(page)
    add_app(page)
    sign_out(page)

    begin_sign_in(page, person)
    press(page, "Unable To Access Security Code?")
    expect(heading(page, "Unable To Access Security Code?")).to_be_visible()
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    complaints += look(page)
    answer_questions(page)
    expect(heading(page, "Look into your mailbox")).to_be_visible()

    begin_sign_in(page, person)
    field(page, "MFA Device Type").select_option(label="One-Time Security Code")
    field(page, "Security Code").fill(_code_in(mail, person))
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    open_devices(page)
    assert complaints == []


def test_register_mfa_device_starts_at_the_sign_in(visitor: Visitor, newcomer: Newcomer) -> None:
    person = newcomer()
    page = visitor()
    begin_sign_in(page, person)
    press(page, "Register MFA Device")
    expect(heading(page, "Register MFA Device")).to_be_visible()
    press(page, "Log in and register")
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)
    press(page, "Log In")
    expect(heading(page, "Register MFA Device")).to_be_visible()
    answer_questions(page)
    expect(heading(page, "Add Device")).to_be_visible()
    press(page, "Add E-mail")
    press(page, "Next")
    expect(heading(page, "Add E-mail")).to_be_visible()


def test_an_app_is_set_up_by_keyboard_alone(visitor: Visitor, newcomer: Newcomer) -> None:
    page = sign_in(visitor(), newcomer())
    page.goto("/profile/mfa/add/app_phone/")
    keys = Keyboard(page)
    keys.press("Next")
    expect(page.get_by_test_id("secret")).to_be_visible()
    app = App(page.get_by_test_id("secret").inner_text())
    keys.fill("Security Code", app.code())
    keys.press("Confirm")
    expect(heading(page, DEVICES)).to_be_visible()


# --- Without a mail server: text messages, calls and mails are on the mailbox page ---


@pytest.fixture(scope="module")
def delivered() -> Iterator[RunningPortal]:
    """The portal exactly as `make run` starts it."""
    with RunningPortal() as running:
        yield running


@pytest.fixture(scope="module")
def people(delivered: RunningPortal) -> list[Person]:
    """People of that portal."""
    made: list[dict[str, Any]] = delivered.run("tests.live.newcomers", 3)
    return [Person(**fields) for fields in made]


def _a_minute_passes(portal: RunningPortal, person: Person) -> None:
    """Let the last code be older than the minute between two of them."""
    portal.rows(
        "update accounts_securitycode set created_at = created_at - interval '61 seconds'"
        " where user_id = (select id from accounts_user where user_id = %s) returning id",
        person.user_id,
    )


def _code_on(telephone: Page, number: str, *, seen: str = "") -> str:
    """A new code that went to a number, read on the mailbox page of another browser.

    The browser that is signing in sees nothing but the second step.
    """
    until = time.monotonic() + 30
    while time.monotonic() < until:
        telephone.goto("/mailbox/")
        for row in telephone.get_by_role("main").get_by_role("row").all_inner_texts():
            found = CODE.search(re.sub(r"(?<=\d), (?=\d)", "", row)) if number in row else None
            if found and found[1] != seen:
                return found[1]
    raise AssertionError(f"no new code for {number} on the mailbox page")


@pytest.mark.parametrize(
    ("choice", "device_type", "number"),
    [
        ("Add Text Message", "Text message (SMS)", "+12025550198"),
        ("Add Voice Call", "Voice call", "+12025550199"),
    ],
)
def test_codes_by_telephone_are_read_on_the_mailbox_page(
    visitor: Visitor,
    delivered: RunningPortal,
    people: list[Person],
    choice: str,
    device_type: str,
    number: str,
) -> None:
    person, complaints = people.pop(), []
    telephone = visitor(base_url=delivered.origin)
    page = sign_in(visitor(base_url=delivered.origin), person)
    open_devices(page)
    press(page, "Add Device")
    press(page, choice)
    complaints += look(page)
    field(page, "Phone Number").fill(number)
    press(page, "Next")
    expect(page.get_by_role("main")).to_contain_text("We have sent a code to")
    complaints += look(page)
    first = _code_on(telephone, number)
    field(page, "Security Code").fill(first)
    press(page, "Confirm")
    expect(page.get_by_role("row", name=re.compile("Weak"))).to_be_visible()

    sign_out(page)
    _a_minute_passes(delivered, person)
    begin_sign_in(page, person)
    field(page, "MFA Device Type").select_option(label=device_type)
    press(page, "Send")
    expect(page.get_by_role("main")).to_contain_text("A security code is on its way")
    complaints += look(page)
    field(page, "Security Code").fill(_code_on(telephone, number, seen=first))
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    assert complaints == []


def test_a_code_by_mail_is_sent_at_the_sign_in(
    visitor: Visitor, newcomer: Newcomer, mail: MailSink, portal: RunningPortal
) -> None:
    person = newcomer()
    page = sign_in(visitor(), person)
    open_devices(page)
    press(page, "Add Device")
    press(page, "Add E-mail")
    press(page, "Next")
    field(page, "Security Code").fill(_code_in(mail, person))
    press(page, "Confirm")
    expect(heading(page, DEVICES)).to_be_visible()

    sign_out(page)
    _a_minute_passes(portal, person)
    begin_sign_in(page, person)
    press(page, "Log In")
    expect(page.get_by_role("main")).to_contain_text("One step is left")
    press(page, "Send")
    expect(page.get_by_role("main")).to_contain_text("A security code is on its way")
    field(page, "Security Code").fill(_code_in(mail, person, seen=1))
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))


def _code_in(mail: MailSink, person: Person, *, seen: int = 0) -> str:
    found = CODE.search(mail.wait_for(person.email, "security code", seen=seen).text)
    assert found
    return found[1]
