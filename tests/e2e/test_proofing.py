"""Identity Verification in the browser, and each way it can fail.

The first test goes the way of seed 004, steps 8 to 12, straight through: Skip MFA in step 9, Submit
without Edit in step 11. The headings are the portal's own: what the document calls Request New
Application Access, its Review and its Acknowledgement page are here "Request New System Access",
"Review" below it, and "Acknowledgement".
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.proofing import simulated
from accounts.proofing.files import FILES, TOPICS
from tests.e2e.access import choose_role, submit
from tests.e2e.entering import enter
from tests.e2e.inspection import PHONE, look
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import control, field, heading, press, sign_in
from tests.e2e.watching import Newcomer, Visitor

PASSES = "900-55-0101"
FAILS = "900-55-0200"
NOT_FOUND = "900-55-0300"
FILES_BY_NUMBER = {file.shown_ssn: file for file in FILES}
TOPIC_OF = {str(topic.question): name for name, topic in TOPICS.items()}
REFERENCE = re.compile(r"\b[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}\b")


def ask_for_dbids(page: Page) -> None:
    """Choose a role that needs a proven identity."""
    page.goto("/catalog/dbids/request/")
    choose_role(page, "End User")
    expect(heading(page, "Identity Verification")).to_be_visible()


def to_information(page: Page) -> None:
    """Go through overview and terms."""
    press(page, "Next")
    field(page, "I agree to the terms and conditions").check()
    press(page, "Next")
    expect(heading(page, "Your information", level=2)).to_be_visible()


def fill_information(page: Page, number: str) -> None:
    """Fill what the account does not know."""
    field(page, "Social Security Number").fill(number)
    field(page, "Date of Birth").fill("05/17/1984")
    field(page, "Home Address Line 1").fill("12 Quay Street")
    field(page, "City").fill("Baltimore")
    field(page, "State or Territory").select_option("MD")
    field(page, "ZIP Code").fill("21244")
    field(page, "Primary Phone Number").fill("410-555-0142")


def right_answers(page: Page, number: str) -> list[tuple[Locator, str]]:
    """Return each question with its right choice, by the list of the test identity."""
    found = []
    groups = page.get_by_role("main").locator("fieldset")
    expect(groups).to_have_count(5)
    for group in groups.all():
        topic = TOPIC_OF[group.locator("legend").inner_text().strip()]
        found.append((group, simulated.right_choice(FILES_BY_NUMBER[number], topic)))
    return found


def answer_questions(page: Page, number: str) -> None:
    """Answer everything right, and go on."""
    expect(heading(page, "Answer a series of questions", level=2)).to_be_visible()
    for question, choice in right_answers(page, number):
        question.get_by_text(choice, exact=True).click()
    press(page, "Next")


def test_the_steps_of_the_source_document(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    ask_for_dbids(page)
    expect(page.get_by_role("note")).to_contain_text("Invent everything")
    faults = look(page)
    press(page, "Next")
    faults += look(page)
    page.go_back()
    to_information(page)
    press(page, "Next")
    expect(page.get_by_role("alert")).to_contain_text("Social Security Number")
    faults += look(page)
    fill_information(page, PASSES)
    press(page, "Next")
    expect(page.get_by_text("Time left: 4:")).to_be_visible()
    faults += look(page)
    answer_questions(page, PASSES)
    expect(page.get_by_role("status")).to_contain_text("Your identity is proven")
    faults += look(page)

    press(page, "Go on with your request")
    press(page, "Skip MFA")
    expect(heading(page, "Request New System Access")).to_be_visible()
    field(page, "Organization").fill("Harbor Community Health")
    field(page, "Provider Transaction Access Number (PTAN)").fill("1234567")
    field(page, "Reason for request").fill("I prepare our bids.")
    press(page, "Next")
    submit(page)

    page.goto("/catalog/cbic-connexion/request/")
    choose_role(page, "End User")
    expect(heading(page, "Request New System Access")).to_be_visible()
    assert faults == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (NOT_FOUND, "knows nobody like this"),
        ("900-55-0400", "too little for questions"),
        ("900-55-0500", "gave no answer"),
        ("900-55-0600", "gave no answer"),
        ("900-55-0700", "gave no answer"),
    ],
)
def test_each_failure_has_a_way_on(
    number: str, said: str, visitor: Visitor, newcomer: Newcomer
) -> None:
    page = sign_in(visitor(viewport=PHONE), newcomer())
    ask_for_dbids(page)
    to_information(page)
    fill_information(page, number)
    press(page, "Next")
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert look(page, at_phone_width=False) == []
    expect(control(page.get_by_role("main"), "Try again")).to_be_visible()
    press(page, "Continue by phone")
    expect(heading(page, "Your case", level=2)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(REFERENCE)
    assert look(page, at_phone_width=False) == []
    press(page, "Back to your request")
    expect(field(page, "Role").locator("option:checked")).to_have_text("End User")


def test_wrong_answers_twice_and_a_typing_error_end_in_a_case(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = enter(visitor(), newcomer())
    ask_for_dbids(page)
    to_information(page)
    fill_information(page, FAILS)
    press(page, "Next")
    answer_questions(page, FAILS)
    expect(page.get_by_role("alert")).to_contain_text("other questions")
    answer_questions(page, FAILS)
    expect(page.get_by_role("main")).to_contain_text("You can try once more.")
    press(page, "Try again")
    fill_information(page, NOT_FOUND)
    press(page, "Next")
    expect(page.get_by_role("main")).to_contain_text("Your tries online are used up")
    press(page, "See your case")
    expect(page.get_by_role("main")).to_contain_text("Waiting for the check by phone")
    page.goto("/proofing/information/")
    expect(heading(page, "Prove who you are", level=2)).to_be_visible()
    assert look(page) == []


def test_by_keyboard_only(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    ask_for_dbids(page)
    keyboard = Keyboard(page)
    keyboard.press("Next")
    keyboard.check("I agree to the terms and conditions")
    keyboard.press("Next")
    keyboard.fill("Social Security Number", PASSES)
    keyboard.fill("Date of Birth", "05/17/1984")
    keyboard.fill("Home Address Line 1", "12 Quay Street")
    keyboard.fill("City", "Baltimore")
    keyboard.choose("State or Territory", "Maryland")
    keyboard.fill("ZIP Code", "21244")
    keyboard.fill("Primary Phone Number", "410-555-0142")
    keyboard.press("Next")
    expect(heading(page, "Answer a series of questions", level=2)).to_be_visible()
    for question, choice in right_answers(page, PASSES):
        keyboard.reach(question.get_by_role("radio").first)
        while not question.get_by_role("radio", name=choice, exact=True).is_checked():
            page.keyboard.press("ArrowDown")
    keyboard.press("Next")
    keyboard.press("Go on with your request")
    keyboard.press("Skip MFA")
    expect(heading(page, "Request New System Access")).to_be_visible()


def test_without_scripts_the_page_says_until_when(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(java_script_enabled=False), newcomer())
    ask_for_dbids(page)
    to_information(page)
    fill_information(page, PASSES)
    press(page, "Next")
    expect(page.get_by_text("Answer all questions before")).to_be_visible()
    expect(page.get_by_text("Time left")).to_be_hidden()
    answer_questions(page, PASSES)
    expect(page.get_by_text("Your identity is proven")).to_be_visible()


def test_the_list_of_test_identities(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    ask_for_dbids(page)
    page.get_by_role("link", name="Test identities and their answers").click()
    expect(heading(page, "Test identities")).to_be_visible()
    expect(page.get_by_role("heading", name=PASSES)).to_be_visible()
    assert look(page) == []
