"""Scripts only make pages more comfortable: everything works without them."""

import dataclasses
import re

from playwright.sync_api import Page, expect

from tests.e2e.people import (
    Person,
    accept_terms,
    control,
    enter_credentials,
    field,
    heading,
    press,
    sign_in,
    somebody_new,
)
from tests.e2e.test_helpdesk import search, sign_in_with_app
from tests.e2e.test_recovery import answer_questions
from tests.e2e.watching import Demo, Newcomer, Visitor
from tests.e2e.whole_way import walk
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal

NEW = "Five-Herons-Beside-Canal-3"


def test_the_whole_way_without_scripts(visitor: Visitor, mail: Mailbox, demo: Demo) -> None:
    page = visitor(java_script_enabled=False)
    approver_page = visitor(java_script_enabled=False)
    walk(page, approver_page, somebody_new(), demo("approver.external"), mail)


def test_the_menu_and_logging_out_need_no_script(visitor: Visitor, newcomer: Newcomer) -> None:
    page = sign_in(visitor(java_script_enabled=False), newcomer())
    header = page.get_by_role("banner")
    for name in ("My Profile", "My Access"):
        expect(header.get_by_role("link", name=name)).to_be_visible()
    header.get_by_role("button", name="Log Out").click()
    expect(control(page.get_by_role("main"), "Login to CMS Secure Portal")).to_be_visible()


def test_print_leads_somewhere_without_a_script(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Print").click()
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_form_comes_back_filled_except_secrets_with_a_summary(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/register/")
    page.get_by_label("I agree to the terms and conditions").check()
    press(page, "Next")
    main = page.get_by_role("main")
    main.get_by_label("First Name").fill("Rowan")
    main.get_by_label("Date of Birth").fill("02/30/1984")
    press(page, "Next")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Last Name")
    expect(main.get_by_label("First Name")).to_have_value("Rowan")
    expect(main.get_by_label("Date of Birth")).to_have_value("02/30/1984")
    link = summary.get_by_role("link", name="Last Name").first
    target = str(link.get_attribute("href")).removeprefix("#")
    expect(main.get_by_label("Last Name")).to_have_attribute("id", target)


def lock_out(page: Page, person: Person) -> None:
    """Type wrong passwords until nobody is let in."""
    accept_terms(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    for _ in range(6):
        field(page, "Password").fill("Wrong-Quay-Lantern-9")
        press(page, "Log In")
        expect(page.get_by_role("main")).to_contain_text("We could not log you in.")


def code_read_aloud(page: Page) -> str:
    """What somebody who is signed in reads to the agent."""
    page.get_by_role("banner").get_by_role("link", name="My Profile").click()
    menu = page.get_by_role("navigation", name="My Profile")
    menu.get_by_role("link", name="Help Desk Code").click()
    press(page, "Show Code")
    shown = page.locator(".big-code")
    expect(shown).to_have_text(re.compile(r"^\d{6}$"))
    return shown.inner_text()


def act(page: Page, action: str) -> None:
    """Open an action of the account, give a reason, do it."""
    press(page, action)
    expect(heading(page, action)).to_be_visible()
    field(page, "Reason").fill("The caller asked for it")
    press(page, action)


def test_a_help_desk_helps_somebody_who_is_locked_out(
    visitor: Visitor, newcomer: Newcomer, portal: RunningPortal, mail: Mailbox
) -> None:
    agent, caller = newcomer(), newcomer()
    placed = {"helpdesk": [agent.user_id], "end-user": [caller.user_id]}
    given = {"roles": placed, "portal": [], "apps": [agent.user_id]}
    seeds = portal.run("tests.live.agents", given)
    phone = sign_in(visitor(java_script_enabled=False), caller)
    elsewhere = visitor(java_script_enabled=False)
    lock_out(elsewhere, caller)

    desk = visitor(java_script_enabled=False)
    sign_in_with_app(desk, agent, seeds[agent.user_id])
    press(desk, "Open the Help Desk")
    search(desk, caller.last_name)
    press(desk, caller.user_id)
    press(desk, "Open Account")
    main = desk.get_by_role("main")
    expect(main).to_contain_text("Sign-in locked until")
    mail.wait_for(caller.email, "A help desk opened your account")
    press(desk, "Verify Caller")
    field(desk, "Code the caller reads to you").fill(code_read_aloud(phone))
    press(desk, "Check Code")
    expect(main).to_contain_text("Caller verified")

    act(desk, "Unlock")
    expect(main).to_contain_text("The account is unlocked.")
    expect(main).not_to_contain_text("Sign-in locked until")
    told = mail.wait_for(caller.email, "Your account was unlocked")
    assert "The caller asked for it" in told.text
    assert "/not-me/link/" in told.link("/not-me/link/")

    act(desk, "Reset Password by Mail")
    expect(main).to_contain_text("The person was sent a mail.")
    link = mail.wait_for(caller.email, "Set a new password").link("/forgot-password/link/")
    elsewhere.goto(link)
    expect(heading(elsewhere, "Second proof")).to_be_visible()
    answer_questions(elsewhere, "Continue")
    field(elsewhere, "New Password").fill(NEW)
    field(elsewhere, "Confirm New Password").fill(NEW)
    press(elsewhere, "Set Password")
    expect(heading(elsewhere, "Your new password is set")).to_be_visible()
    press(elsewhere, "Login to CMS Secure Portal")
    press(elsewhere, "I Accept")
    enter_credentials(elsewhere, dataclasses.replace(caller, password=NEW))
    expect(elsewhere).to_have_url(re.compile(r"/welcome/$"))
