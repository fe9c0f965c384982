"""Security codes that are sent: by text, call and mail, at the set-up and at the sign-in."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.mfa import DEVICES, add_app, begin_sign_in, open_devices
from tests.e2e.people import ANSWERS, Person, field, heading, press, sign_out
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal

CODE = re.compile(r"\b(\d{6})\b")
QUESTIONS = (
    "Which food did you refuse to eat as a child?",
    "What did you call your first stuffed animal?",
    "For what did you receive your first medal, ribbon or prize?",
)


def answer_questions(page: Page) -> None:
    """Answer the three challenge questions."""
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        field(page, question).fill(answer)
    press(page, "Next")


def test_who_lost_the_device_gets_in_by_a_one_time_code(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person, complaints = newcomer(), []
    page = enter(visitor(), person)
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


# --- Without a mail server: text messages, calls and mails are on the mailbox page ---


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
    portal: RunningPortal,
    newcomer: Newcomer,
    choice: str,
    device_type: str,
    number: str,
) -> None:
    person, complaints = newcomer(), []
    telephone = visitor()
    page = enter(visitor(), person)
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
    _a_minute_passes(portal, person)
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
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox, portal: RunningPortal
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
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


def _code_in(mail: Mailbox, person: Person, *, seen: int = 0) -> str:
    found = CODE.search(mail.wait_for(person.email, "security code", seen=seen).text)
    assert found
    return found[1]
