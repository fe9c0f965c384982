"""The help desk: an agent finds a caller, verifies them, and helps; a second agent agrees."""

import re

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.people import Person, accept_terms, field, heading, open_menu, press, sign_in
from tests.e2e.watching import ConsoleWatch, Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal

APP = "Authenticator app on a phone"


def sign_in_with_app(page: Page, person: Person, seed: str) -> Page:
    """Walk from the home page to the welcome page with password and app."""
    accept_terms(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)
    field(page, "MFA Device Type").select_option(label=APP)
    field(page, "Security Code").fill(f"{TOTP(bytes.fromhex(seed)).token():06d}")
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    return page


def search(page: Page, wanted: str) -> None:
    """Search for somebody, with a reason."""
    field(page, "Search for").fill(wanted)
    field(page, "Reason").fill("Cannot log in")
    field(page, "Call or ticket number").fill("CALL-4711")
    press(page, "Search")


def open_account(page: Page, person: Person) -> None:
    """Follow the result and open the account under the reason typed before."""
    press(page, person.user_id)
    expect(heading(page, f"Open account {person.user_id}")).to_be_visible()
    assert look(page) == []
    press(page, "Open Account")
    expect(heading(page, f"Account {person.user_id}")).to_be_visible()
    assert look(page) == []


def read_code(page: Page) -> str:
    """Let a signed-in person make a help desk code, and return it."""
    open_menu(page).get_by_role("link", name="My Profile").click()
    page.get_by_role("navigation", name="My Profile").get_by_role(
        "link", name="Help Desk Code"
    ).click()
    expect(heading(page, "Help Desk Code")).to_be_visible()
    assert look(page) == []
    press(page, "Show Code")
    shown = page.locator(".big-code")
    expect(shown).to_have_text(re.compile(r"^\d{6}$"))
    assert look(page) == []
    return shown.inner_text()


def verify(page: Page, code: str) -> None:
    """Type what the caller reads."""
    press(page, "Verify Caller")
    expect(heading(page, "Verify Caller")).to_be_visible()
    assert look(page) == []
    field(page, "Code the caller reads to you").fill(code)
    press(page, "Check Code")
    expect(page.get_by_role("main")).to_contain_text("Caller verified")


def act(page: Page, action: str, button: str, **choices: str) -> None:
    """Open an action, give a reason, do it."""
    press(page, action)
    expect(heading(page, action)).to_be_visible()
    assert look(page) == []
    for label, value in choices.items():
        field(page, label).select_option(value)
    field(page, "Reason").fill("The caller asked for it")
    press(page, button)


def test_an_application_agent_verifies_a_caller_and_helps(
    visitor: Visitor,
    newcomer: Newcomer,
    portal: RunningPortal,
    mail: Mailbox,
    console: ConsoleWatch,
) -> None:
    agent, caller, stranger = newcomer(), newcomer(), newcomer()
    placed = {"helpdesk": [agent.user_id], "end-user": [caller.user_id]}
    given = {"roles": placed, "portal": [], "apps": [agent.user_id]}
    seeds = portal.run("tests.live.agents", given)
    phone = enter(visitor(), caller)

    desk = sign_in_with_app(visitor(), agent, seeds[agent.user_id])
    press(desk, "Open the Help Desk")
    expect(heading(desk, "Application Search")).to_be_visible()
    expect(desk.get_by_role("link", name="Enterprise Search")).to_have_count(0)
    assert look(desk) == []
    search(desk, stranger.user_id)
    expect(heading(desk, "Nobody fits", level=2)).to_be_visible()
    assert look(desk) == []
    console.expect("status of 404")
    desk.goto("/helpdesk/enterprise/")
    expect(heading(desk, "Application Search")).to_have_count(0)

    desk.goto("/helpdesk/")
    search(desk, caller.last_name)
    assert look(desk) == []
    open_account(desk, caller)
    mail.wait_for(caller.email, "A help desk opened your account")
    expect(desk.get_by_role("main")).not_to_contain_text(caller.email)
    verify(desk, read_code(phone))

    act(desk, "Suspend", "Suspend")
    expect(desk.get_by_role("main")).to_contain_text("Suspended")
    mail.wait_for(caller.email, "suspended")
    phone.goto("/profile/")
    expect(
        heading(phone, "Terms and Conditions").or_(field(phone, "User ID")).first
    ).to_be_visible()
    act(desk, "Unsuspend", "Unsuspend")
    mail.wait_for(caller.email, "open again")

    act(desk, "Issue One-Time Security Code", "Issue One-Time Security Code")
    expect(desk.locator(".big-code")).to_have_text(re.compile(r"^\d{6}$"))
    assert look(desk) == []
    told = mail.wait_for(caller.email, "one-time security code")
    assert "/not-me/link/" in told.link("/not-me/link/")


def test_two_portal_agents_remove_the_devices_of_somebody_who_lost_them(
    visitor: Visitor, newcomer: Newcomer, portal: RunningPortal, mail: Mailbox
) -> None:
    first, second, caller = newcomer(), newcomer(), newcomer()
    given = {
        "roles": {},
        "portal": [first.user_id, second.user_id],
        "apps": [first.user_id, second.user_id, caller.user_id],
    }
    seeds = portal.run("tests.live.agents", given)
    phone = enter(visitor(), caller, seed=seeds[caller.user_id])

    desk = enter(visitor(), first, seed=seeds[first.user_id])
    press(desk, "Open the Help Desk")
    desk.get_by_role("navigation", name="Help Desk").get_by_role(
        "link", name="Enterprise Search"
    ).click()
    expect(heading(desk, "Enterprise Search")).to_be_visible()
    search(desk, caller.email)
    open_account(desk, caller)
    verify(desk, read_code(phone))
    assert look(desk) == []
    act(desk, "Propose to Remove All MFA Devices", "Propose to Remove All MFA Devices")
    mail.wait_for(caller.email, "to be removed")
    press(desk, "See the proposal")
    expect(desk.get_by_role("main")).to_contain_text("Another agent has to confirm it")
    expect(desk.get_by_role("button", name="Confirm and Remove")).to_have_count(0)
    assert look(desk) == []

    other = enter(visitor(), second, seed=seeds[second.user_id])
    open_menu(other).get_by_role("link", name="Help Desk").or_(
        other.get_by_role("main").get_by_role("link", name="Open the Help Desk")
    ).first.click()
    other.get_by_role("navigation", name="Help Desk").get_by_role("link", name="Proposals").click()
    assert look(other) == []
    masked = re.compile(rf"^{caller.user_id[:2]}•••, ")
    other.get_by_role("main").get_by_role("link", name=masked).click()
    expect(heading(other, "Remove all MFA devices")).to_be_visible()
    expect(other.get_by_role("main")).to_contain_text(caller.user_id)
    assert look(other) == []
    field(other, "Reason for your decision").fill("Asked their manager")
    press(other, "Confirm and Remove")
    expect(other.get_by_role("main")).to_contain_text("All MFA devices were removed")

    mail.wait_for(caller.email, "MFA device was removed")
    sign_in(visitor(), caller)
