"""Authenticator apps and passkeys in the browser, with a real clock and a virtual key."""

import re

from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.keyboard import Keyboard
from tests.e2e.mfa import DEVICES, App, add_app, begin_sign_in, open_devices
from tests.e2e.people import (
    accept_terms,
    control,
    field,
    heading,
    press,
    sign_out,
)
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mailbox import Mailbox

WELCOME = "Welcome to CMS Enterprise Portal"


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


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person, complaints = newcomer(), []
    page = enter(visitor(), person)
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
    send = page.get_by_role("main").get_by_role("button", name="Send", exact=True)
    for kind, is_sent in (("text", True), ("one_time", False), ("email", True)):
        field(page, "MFA Device Type").select_option(kind)
        expect(send).to_be_visible(visible=is_sent)
    field(page, "MFA Device Type").select_option(label="Authenticator app on a phone")
    expect(send).to_be_hidden()
    field(page, "Security Code").fill(app.code())
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    expect(heading(page, WELCOME)).to_be_visible()
    assert complaints == []


def test_devices_are_renamed_and_removed(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
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
    enter(page, person)
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
    enter(page, newcomer())
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


def test_an_app_is_set_up_by_keyboard_alone(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    page.goto("/profile/mfa/add/app_phone/")
    keys = Keyboard(page)
    keys.press("Next")
    expect(page.get_by_test_id("secret")).to_be_visible()
    app = App(page.get_by_test_id("secret").inner_text())
    keys.fill("Security Code", app.code())
    keys.press("Confirm")
    expect(heading(page, DEVICES)).to_be_visible()
