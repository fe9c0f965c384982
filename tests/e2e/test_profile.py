"""The pages about oneself: the e-mail update of the source document, and everything around it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import ANSWERS, Person, field, heading, open_menu, press, sign_in
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal

QUESTIONS = (
    "Which food did you refuse to eat as a child?",
    "What did you call your first stuffed animal?",
    "For what did you receive your first medal, ribbon or prize?",
)


def open_profile(page: Page) -> None:
    """Choose My Profile from the menu with one's name."""
    open_menu(page).get_by_role("link", name="My Profile").click()
    expect(heading(page, "My Profile")).to_be_visible()


def choose(page: Page, name: str) -> None:
    """Click an entry of the menu on the left."""
    menu = page.get_by_role("navigation", name="My Profile")
    menu.get_by_role("link", name=name, exact=True).click()


def answer_questions(page: Page) -> None:
    """Answer the three security questions."""
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        field(page, question).fill(answer)
    press(page, "Next")


def update_email(page: Page, person: Person, email: str) -> None:
    """The steps 5 to 11 of the source document, for somebody on the welcome page."""
    open_profile(page)
    choose(page, "Change My Profile")
    answer_questions(page)
    expect(page.get_by_role("heading", name="Change Profile", exact=True)).to_be_visible()
    field(page, "E-mail Address").fill(email)
    field(page, "Confirm E-mail Address").fill(email)
    press(page, "Submit")
    expect(page.get_by_role("heading", name="View My Profile")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(email)
    press(page, "OK")
    expect(page).to_have_url(re.compile(r"/welcome/$"))


def test_the_email_update_of_the_source_document(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox, portal: RunningPortal
) -> None:
    person = newcomer()
    email = person.email.replace("@", ".new@")
    page = enter(visitor(), person)
    update_email(page, person, email)

    told = mail.wait_for(person.email, "A change of your e-mail address")
    assert "/not-me/" in told.link("/not-me/link/")
    other = visitor()
    other.goto(mail.wait_for(email, "confirm").link("/profile/email/confirm/"))
    expect(heading(other, "Confirm My New E-mail Address")).to_be_visible()
    assert look(other) == []
    stored = "select email from accounts_user where user_id = %s"
    assert portal.value(stored, person.user_id) == person.email
    press(other, "Confirm My New E-mail Address")
    expect(heading(other, "Your e-mail address is changed")).to_be_visible()
    assert portal.value(stored, person.user_id) == email
    for address in (person.email, email):
        mail.wait_for(address, "was changed")
    open_profile(page)
    expect(page.get_by_role("main")).to_contain_text(email)


def test_the_email_update_without_scripts(
    visitor: Visitor, newcomer: Newcomer, mail: Mailbox
) -> None:
    person = newcomer()
    email = person.email.replace("@", ".plain@")
    page = visitor(java_script_enabled=False)
    enter(page, person)
    update_email(page, person, email)
    page.goto(mail.wait_for(email, "confirm").link("/profile/email/confirm/"))
    press(page, "Confirm My New E-mail Address")
    expect(page.get_by_role("status")).to_contain_text(f"{email} is your e-mail address now.")


def test_questions_address_and_business_contact_with_the_keyboard_alone(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = enter(visitor(), newcomer())
    keys = Keyboard(page)
    page.goto("/profile/address/")
    assert look(page) == []
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        keys.fill(question, answer)
    keys.press("Next")
    expect(heading(page, "Change Home Address")).to_be_visible()
    assert look(page) == []
    keys.fill("Home Address Line 1", "12 Quay Street")
    keys.fill("City", "Baltimore")
    keys.reach(field(page, "State or Territory"))
    page.keyboard.type("Maryland")
    keys.fill("ZIP Code", "21244")
    keys.press("Submit")
    expect(page.get_by_role("main")).to_contain_text("Baltimore, Maryland 21244")
    page.goto("/profile/business/")
    assert look(page) == []
    keys.fill("Company", "Harbor Health")
    keys.press("Submit")
    expect(page.get_by_role("main")).to_contain_text("Harbor Health")
    page.goto("/profile/questions/")
    expect(heading(page, "Change Challenge Questions")).to_be_visible()
    assert look(page) == []
    for number in (1, 2, 3):
        keys.reach(field(page, f"Challenge Question {number}"))
        for _ in range(number + 4):
            page.keyboard.press("ArrowDown")
        keys.fill(f"Answer {number}", f"Harbor light {number}")
    keys.press("Submit")
    expect(page.get_by_role("status")).to_contain_text("Your challenge questions are changed.")


def test_wrong_answers_and_wrong_forms_say_so(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    page.goto("/profile/change/")
    press(page, "Next")
    expect(page.get_by_role("alert")).to_be_visible()
    assert look(page) == []
    answer_questions(page)
    field(page, "Confirm E-mail Address").fill("other@people.example")
    press(page, "Submit")
    expect(page.get_by_role("alert")).to_contain_text("are not the same")
    assert look(page) == []


def test_other_sessions_are_listed_and_ended(visitor: Visitor, newcomer: Newcomer) -> None:
    person = newcomer()
    other, page = enter(visitor(), person), enter(visitor(), person)
    page.goto("/profile/")
    choose(page, "Sessions")
    assert look(page) == []
    press(page, "End All Other Sessions")
    expect(page.get_by_role("status")).to_contain_text("1 session was ended.")
    other.goto("/profile/")
    expect(page.get_by_role("main")).to_contain_text("You are logged in nowhere else.")
    expect(other).to_have_url(re.compile(r"/terms/|/login/"))
    choose(page, "Sign-in History")
    expect(page.get_by_role("row")).to_have_count(3)
    assert look(page) == []


def test_accessibility_settings_are_followed_everywhere(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = visitor()
    page.goto("/profile/accessibility/")
    for choice in ("High contrast", "Largest text", "No movement"):
        field(page, choice).check()
    press(page, "Save")
    expect(page.get_by_role("status")).to_contain_text("Your accessibility settings are saved.")
    complaints = look(page)
    for path in ("/", "/terms/", "/help/", "/register/terms/"):
        page.goto(path)
        complaints += look(page)
    sign_in(page, newcomer())
    page.goto("/profile/accessibility/")
    expect(field(page, "High contrast")).to_be_checked()
    press(page, "Save")
    for path in ("/welcome/", "/catalog/", "/profile/", "/profile/sessions/", "/profile/history/"):
        page.goto(path)
        complaints += look(page)
    assert complaints == []
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert size == "24px"


def test_own_data_are_shown_and_taken_along(
    visitor: Visitor, newcomer: Newcomer, tmp_path: Path
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    page.goto("/profile/")
    choose(page, "Download My Data")
    assert look(page) == []
    with page.expect_download() as started:
        press(page, "Download as a File")
    file = tmp_path / "data.json"
    started.value.save_as(file)
    assert json.loads(file.read_text())["user_id"] == person.user_id
    press(page, "Show My Data")
    expect(heading(page, "My Data")).to_be_visible()
    page.locator("details:not([data-fold])").first.locator("summary").click()
    expect(page.get_by_role("main")).to_contain_text(person.email)
    assert look(page) == []
