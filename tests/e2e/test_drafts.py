"""A half-filled request survives a closed page, a lost connection and a session that ended."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.people import field, press
from tests.e2e.watching import ConsoleWatch, Newcomer, Visitor

REQUEST = "/catalog/zone/request/"
REASON = "Reason for request"


def kept(page: Page, words: str) -> None:
    """Another page of the same browser shows these words as the reason."""
    other = page.context.new_page()
    other.goto(REQUEST)
    expect(field(other, REASON)).to_have_value(words)
    other.close()


def said(page: Page, words: str) -> None:
    """The line under the form says this by and by."""
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile(words))


def test_what_was_typed_survives_leaving_and_a_lost_connection(
    visitor: Visitor, newcomer: Newcomer, console: ConsoleWatch
) -> None:
    page = enter(visitor(), newcomer())
    page.goto(f"{REQUEST}?role=end-user")
    said(page, r"^\s*$")
    field(page, REASON).press_sequentially("I help people")
    said(page, r"Draft saved \d{1,2}:\d\d [AP]M")
    assert look(page) == []

    page.goto("/catalog/")
    page.goto(REQUEST)
    expect(field(page, REASON)).to_have_value("I help people")
    expect(page.get_by_role("alert")).to_have_count(0)

    console.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    field(page, REASON).press("Control+End")
    field(page, REASON).press_sequentially(" in Harbor County")
    said(page, "Not saved: no connection; we will try again.")
    assert look(page) == []
    page.context.set_offline(False)
    said(page, "Draft saved")
    kept(page, "I help people in Harbor County")


def test_what_was_typed_survives_the_end_of_the_session_and_a_second_window(
    visitor: Visitor, newcomer: Newcomer, console: ConsoleWatch
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    page.goto(f"{REQUEST}?role=end-user")
    field(page, REASON).press_sequentially("I help")
    said(page, "Draft saved")
    other = page.context.new_page()
    other.goto("/welcome/")
    other.get_by_role("banner").locator("button.user-menu__name").click()
    other.get_by_role("banner").get_by_role("button", name="Log Out").click()
    field(page, REASON).press_sequentially(" people")
    said(page, "Not saved: you are logged out")
    expect(field(page, REASON)).to_have_value("I help people")

    enter(other, person)
    field(page, REASON).press_sequentially(" enroll")
    said(page, "Draft saved")
    kept(page, "I help people enroll")

    other.goto(REQUEST)
    field(other, REASON).fill("Other words")
    said(other, "Draft saved")
    console.expect("status of 409")
    field(page, REASON).press_sequentially(" quickly")
    said(page, "Not saved: this request was changed in another window")
    kept(page, "Other words")
    press(page, "Next")
    kept(page, "I help people enroll quickly")
