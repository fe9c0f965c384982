"""The whole way with the keyboard alone: order, visible focus, skip link, no trap."""

import re

from playwright.sync_api import expect

from tests.e2e import access
from tests.e2e.keyboard import Keyboard
from tests.e2e.people import ANSWERS, Person, field, heading, somebody_new
from tests.e2e.watching import Demo, Visitor
from tests.live import codes
from tests.live.mailbox import Mailbox


def _sign_in(keys: Keyboard, person: Person, *, has_app: bool = False) -> None:
    keys.page.goto("/")
    keys.press("Login to CMS Secure Portal")
    expect(heading(keys.page, "Terms and Conditions")).to_be_visible()
    keys.press("I Accept")
    expect(field(keys.page, "User ID")).to_be_visible()
    keys.fill("User ID", person.user_id)
    keys.page.keyboard.press("Enter")
    expect(field(keys.page, "Password")).to_be_visible()
    keys.fill("Password", person.password)
    keys.page.keyboard.press("Enter")
    if has_app:
        code = field(keys.page, "Security Code")
        expect(heading(keys.page, "Enter Security Code", level=2)).to_be_visible()
        keys.reach(code)
        keys.page.keyboard.type(codes.current(_origin(keys), person.user_id))
        keys.page.keyboard.press("Enter")
    expect(keys.page).to_have_url(re.compile(r"/welcome/$"))


def _origin(keys: Keyboard) -> str:
    return keys.page.url.partition("/login/")[0]


def _register(keys: Keyboard, person: Person) -> None:
    page = keys.page
    page.goto("/")
    keys.press("New User Registration")
    expect(heading(page, "New User Registration")).to_be_visible()
    keys.check("I agree to the terms and conditions")
    keys.press("Next")
    expect(page).to_have_url(re.compile(r"/register/information/$"))
    keys.fill("First Name", person.first_name)
    keys.fill("Last Name", person.last_name)
    keys.fill("Date of Birth", "05/17/1984")
    keys.fill("E-mail Address", person.email)
    keys.fill("Confirm E-mail Address", person.email)
    keys.fill("Primary Phone Number", "410-555-0142")
    keys.fill("Home Address Line 1", "12 Quay Street")
    keys.fill("City", "Baltimore")
    keys.choose("State or Territory", "Maryland")
    keys.fill("ZIP Code", "21244")
    keys.press("Next")
    expect(page).to_have_url(re.compile(r"/register/credentials/$"))
    keys.fill("User ID", person.user_id)
    keys.fill("Password", person.password)
    keys.fill("Confirm Password", person.password)
    for number, answer in enumerate(ANSWERS, start=1):
        keys.move(f"Challenge Question {number}", downs=number)
        keys.fill(f"Answer {number}", answer)
    keys.press("Next")
    expect(page).to_have_url(re.compile(r"/register/confirmation/$"))


def _ask_for_zone(keys: Keyboard) -> str:
    page = keys.page
    keys.press("Request Access Now")
    expect(heading(page, "Access Catalog")).to_be_visible()
    keys.reach(page.get_by_role("main").get_by_role("searchbox"))
    page.keyboard.type("zone")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("zone"))
    keys.reach(access.card(page, "ZONE").get_by_role("link", name="Request Access"))
    page.keyboard.press("Enter")
    expect(heading(page, "Request New System Access")).to_be_visible()
    keys.choose("Role", "zONE End User")
    keys.press("Next")
    expect(field(page, "Navigator or CAC ID")).to_be_visible()
    keys.fill("Organization", access.HARBOR)
    page.keyboard.press("Escape")  # the list of known organizations
    keys.fill("Navigator or CAC ID", "NAV-204417")
    keys.fill("Reason for request", access.REASON)
    keys.press("Next")
    expect(page.get_by_role("main")).to_contain_text("NAV-204417")
    keys.press("Submit")
    expect(heading(page, "Acknowledgement")).to_be_visible()
    return access.tracking_number(page)


def test_the_whole_way_by_keyboard(visitor: Visitor, mail: Mailbox, demo: Demo) -> None:
    person = somebody_new()
    keys = Keyboard(visitor())
    _register(keys, person)
    keys.page.goto(mail.wait_for(person.email, "activate").link("/register/activate/"))
    expect(heading(keys.page, "Your account is active")).to_be_visible()
    _sign_in(keys, person)
    tracking = _ask_for_zone(keys)

    approver = Keyboard(visitor())
    _sign_in(approver, demo("approver.external"), has_app=True)
    approver.page.goto("/approvals/")
    approver.reach(
        approver.page.get_by_role("main").locator(f'a[href*="/approvals/{tracking}/"]').first
    )
    approver.page.keyboard.press("Enter")
    expect(approver.page).to_have_url(re.compile(rf"/approvals/{tracking}/$"))
    approver.press("Approve")
    mail.wait_for(person.email, "approved")

    keys.page.goto("/access/")
    keys.reach(keys.page.get_by_role("main").get_by_role("link", name="Remove Role"))


def test_the_first_tab_reaches_the_skip_link_and_it_skips(visitor: Visitor) -> None:
    page = visitor()
    for path in ("/", "/help/", "/terms/"):
        page.goto(path)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to main content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
        assert inside, path


def test_escape_closes_the_menu_and_gives_the_focus_back(visitor: Visitor, demo: Demo) -> None:
    keys = Keyboard(visitor())
    _sign_in(keys, demo("assister.avery"))
    button = keys.page.get_by_role("banner").locator("button.user-menu__name")
    keys.reach(button)
    keys.page.keyboard.press("Enter")
    expect(keys.page.get_by_role("button", name="Log Out")).to_be_visible()
    keys.page.keyboard.press("Escape")
    expect(keys.page.get_by_role("button", name="Log Out")).to_be_hidden()
    expect(button).to_be_focused()
