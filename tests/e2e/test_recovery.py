"""Ways back in: a forgotten password, a lock, and saying that it was somebody else."""

import dataclasses
import re

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.people import (
    ANSWERS,
    Person,
    accept_terms,
    enter_credentials,
    field,
    heading,
    open_menu,
    press,
    sign_in,
    sign_out,
)
from tests.e2e.test_mfa import add_key
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal

QUESTIONS = (
    "Which food did you refuse to eat as a child?",
    "What did you call your first stuffed animal?",
    "For what did you receive your first medal, ribbon or prize?",
)
NEW = "Nine-Gulls-Above-Pier-7"


def code_of(seed: str) -> str:
    """What the app shows now."""
    return f"{TOTP(bytes.fromhex(seed)).token():06d}"


def answer_questions(page: Page, button: str) -> None:
    """Answer the three challenge questions."""
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        field(page, question).fill(answer.upper())
    press(page, button)


def ask_for_link(page: Page, person: Person) -> None:
    """From the home page to the mail with the link; every page on the way is looked at."""
    page.goto("/")
    press(page, "Forgot Password?")
    expect(heading(page, "Forgot Password")).to_be_visible()
    assert look(page) == []
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    expect(heading(page, "Challenge questions")).to_be_visible()
    assert look(page) == []
    answer_questions(page, "Next")
    expect(heading(page, "Look into your mailbox")).to_be_visible()
    assert look(page) == []


def set_password(page: Page, password: str) -> None:
    """Type the new password twice and follow to the end."""
    expect(heading(page, "Set a new password")).to_be_visible()
    assert look(page) == []
    field(page, "New Password").fill(password)
    expect(page.get_by_role("list", name="Rules for your password")).to_contain_text("(met)")
    field(page, "Confirm New Password").fill(password)
    press(page, "Set Password")
    expect(heading(page, "Your new password is set")).to_be_visible()
    assert look(page) == []


def test_a_forgotten_password_of_somebody_without_a_device(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person = newcomer()
    page = visitor()
    ask_for_link(page, person)
    other = visitor()
    other.goto(mail.wait_for(person.email, "Set a new password").link("/forgot-password/link/"))
    expect(heading(other, "Second proof")).to_be_visible()
    assert look(other) == []
    answer_questions(other, "Continue")
    set_password(other, NEW)

    told = mail.wait_for(person.email, "A new password was set")
    assert "/not-me/link/" in told.link("/not-me/link/")
    press(other, "Login to CMS Secure Portal")
    press(other, "I Accept")
    enter_credentials(other, dataclasses.replace(person, password=NEW))
    expect(other).to_have_url(re.compile(r"/welcome/$"))


def test_a_forgotten_password_of_somebody_with_an_app(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox, portal: RunningPortal
) -> None:
    person = newcomer()
    seed = portal.run("tests.live.apps", person.user_id)
    page = visitor()
    ask_for_link(page, person)
    page.goto(mail.wait_for(person.email, "Set a new password").link("/forgot-password/link/"))
    expect(heading(page, "Second proof")).to_be_visible()
    assert look(page) == []
    field(page, "MFA Device Type").select_option(label="Authenticator app on a phone")
    field(page, "Security Code").fill(code_of(seed))
    press(page, "Continue")
    set_password(page, NEW)


def test_a_forgotten_password_of_somebody_with_a_passkey(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person = newcomer()
    page = visitor()
    add_key(page)
    sign_in(page, person)
    page.goto("/profile/mfa/add/passkey/")
    press(page, "Register passkey")
    expect(page.get_by_role("row", name=re.compile("My passkey"))).to_be_visible()
    sign_out(page)

    ask_for_link(page, person)
    page.goto(mail.wait_for(person.email, "Set a new password").link("/forgot-password/link/"))
    expect(heading(page, "Second proof")).to_be_visible()
    expect(page.get_by_role("link", name="Go on without the passkey")).to_be_visible()
    assert look(page) == []
    press(page, "Use my passkey")
    set_password(page, NEW)


def test_a_locked_account_is_opened_with_an_app(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox, portal: RunningPortal
) -> None:
    person = newcomer()
    seed = portal.run("tests.live.apps", person.user_id)
    page = visitor()
    accept_terms(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    for _ in range(6):
        field(page, "Password").fill("Wrong-Quay-Lantern-9")
        press(page, "Log In")
        expect(page.get_by_role("main")).to_contain_text("We could not log you in.")
    page.goto(mail.wait_for(person.email, "locked").link("/login/unlock/link/"))
    expect(heading(page, "Unlock Account")).to_be_visible()
    assert look(page) == []
    field(page, "MFA Device Type").select_option(label="Authenticator app on a phone")
    field(page, "Security Code").fill(code_of(seed))
    press(page, "Unlock")

    expect(page.get_by_role("main")).to_contain_text("Your account is unlocked.")
    mail.wait_for(person.email, "Your account is unlocked")


def test_this_was_not_me_stops_everything(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    open_menu(page).get_by_role("link", name="My Profile").click()
    page.goto("/profile/password/")
    expect(heading(page, "Change Password")).to_be_visible()
    assert look(page) == []
    field(page, "Current Password").fill(person.password)
    field(page, "New Password").fill(NEW)
    field(page, "Confirm New Password").fill(NEW)
    press(page, "Save New Password")
    expect(page.get_by_role("main")).to_contain_text("Your password was changed.")

    owner = visitor()
    owner.goto(mail.wait_for(person.email, "Your password was changed").link("/not-me/link/"))
    expect(heading(owner, "This was not me")).to_be_visible()
    assert look(owner) == []
    page.reload()
    expect(heading(page, "My Profile")).to_be_visible()
    press(owner, "Stop it and shut my account")
    expect(heading(owner, "Your account is shut")).to_be_visible()
    assert look(owner) == []

    page.reload()
    expect(page).to_have_url(re.compile(r"/(login|terms)/"))
    reference = owner.get_by_role("main").locator("strong").inner_text()
    assert reference in mail.wait_for(person.email, "shut for its protection").text
    accept_terms(owner)
    enter_credentials(owner, dataclasses.replace(person, password=NEW))
    expect(owner.get_by_role("main")).to_contain_text("We could not log you in.")


def test_rules_are_accepted_before_anything_else(
    visitor: Visitor, newcomer: Newcomer, portal: RunningPortal
) -> None:
    person = newcomer()
    portal.run("tests.live.forget_rules", person.user_id)
    page = visitor()
    accept_terms(page)
    enter_credentials(page, person)
    expect(heading(page, "Rules to accept")).to_be_visible()
    assert look(page) == []
    page.goto("/catalog/")
    expect(heading(page, "Rules to accept")).to_be_visible()
    press(page, "Accept and continue")
    expect(page.get_by_role("main")).to_contain_text("Tick this box to go on")
    assert look(page) == []
    page.get_by_role("checkbox").check(force=True)
    press(page, "Accept and continue")

    expect(heading(page, "Access Catalog")).to_be_visible()
