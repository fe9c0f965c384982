"""The way in from QualityNet, by the names that the source document prints (its steps 1 to 6)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import control, field, fill_code, heading, press
from tests.e2e.watching import ConsoleWatch, Demo, Newcomer, Visitor
from tests.qualitynet import CENTER, DESTINATIONS, PROGRAMS

TAB = "Health Care Quality Improvement System"
WELCOME = "Welcome to CMS Enterprise Portal"


def open_tab(page: Page) -> None:
    """Step 1: the home of QualityNet, which is the tab of that name."""
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name=TAB, exact=True).click()
    expect(heading(page, TAB)).to_be_visible()
    expect(heading(page, "QualityNet", level=2)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_steps_1_to_6_lead_from_qualitynet_to_the_welcome_screen(
    visitor: Visitor, demo: Demo, *, scripts: bool
) -> None:
    person, complaints = demo("owner.zone"), []
    page = visitor(java_script_enabled=scripts)

    def looked() -> list[str]:
        return look(page) if scripts else []

    # 1. Go to QualityNet.
    open_tab(page)
    complaints += looked()

    # 2. Click "Log In": the destinations, as they are printed.
    press(page, "Log In")
    main = page.get_by_role("main")
    expect(heading(page, DESTINATIONS)).to_be_visible()
    expect(main).to_contain_text("Secure File Transfer")
    programs = page.get_by_role("list", name="Select your primary quality program:")
    expect(programs.get_by_role("listitem")).to_contain_text(PROGRAMS)
    complaints += looked()

    # 3. Click "QIES Business Intelligence Center": the terms.
    press(page, CENTER)
    expect(heading(page, "Terms and Conditions")).to_be_visible()
    complaints += looked()

    # 4. Click "I Accept": the welcome with the User ID.
    press(page, "I Accept")
    expect(heading(page, WELCOME)).to_be_visible()
    for name in ("Next", "Cancel", "Forgot User ID?", "New User Registration"):
        expect(control(main, name)).to_be_visible()

    # 5. Enter the User ID and click "Next": the page with the password and its three texts.
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    for name in (
        "Enter Security Code",
        "Unable to Access Security Code?",
        "Need to Register an MFA Device?",
    ):
        expect(heading(page, name, level=2)).to_be_visible()
    for name in ("Unable To Access Security Code?", "Register MFA Device", "Send", "Cancel"):
        expect(control(main, name)).to_be_visible()
    complaints += looked()

    # 6. Password, MFA Device Type, code, "Log In": the Welcome screen.
    field(page, "Password").fill(person.password)
    fill_code(page, person.user_id)
    press(page, "Log In")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    expect(heading(page, WELCOME)).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Owen Zonewell")
    complaints += looked()
    assert complaints == []


def test_somebody_signed_in_chooses_by_keyboard_and_is_there(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = enter(visitor(), newcomer())
    open_tab(page)
    keys = Keyboard(page)
    keys.press(DESTINATIONS)
    expect(heading(page, DESTINATIONS)).to_be_visible()
    keys.press(CENTER)
    expect(page).to_have_url(re.compile(r"/catalog/qbic/$"))


def test_an_unknown_destination_is_answered_in_words(
    visitor: Visitor, console: ConsoleWatch
) -> None:
    console.expect("status of 404")
    page = visitor()
    page.goto("/quality-improvement/destinations/nowhere/")
    expect(heading(page, "Page not found")).to_be_visible()
    expect(control(page.get_by_role("main"), "Go to the front page")).to_be_visible()
