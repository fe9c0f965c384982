"""What people do on the pages: register, open the link in a mail, sign in, sign out."""

import dataclasses
import itertools
import os
import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.live import codes
from tests.live.mailbox import Mailbox
from tests.live.portal import DEMO_PASSWORD

_numbers = itertools.count(1)
ANSWERS = ("Turnips with cream", "Sergeant Buttons", "Swimming across the bay")


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    user_id: str
    password: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def full_name(self) -> str:
        """First and last name, as the header shows them."""
        return f"{self.first_name} {self.last_name}"


def somebody_new(**fields: str) -> Person:
    """Return a person nobody has heard of yet."""
    number = f"{os.getpid()}.n{next(_numbers)}"
    person = Person(
        user_id=f"rowan.{number}",
        password="Seven-Lanterns-Over-Quay-9",
        first_name="Rowan",
        last_name="Ashford",
        email=f"rowan.{number}@people.example",
    )
    return dataclasses.replace(person, **fields)


def control(page: Page | Locator, name: str) -> Locator:
    """Find a button or link by its accessible name."""
    return page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )


def press(page: Page, name: str, *, within: Locator | None = None) -> None:
    """Press a button or follow a link of the page's own part."""
    control(within or page.get_by_role("main"), name).click()


def heading(page: Page, name: str | re.Pattern[str], *, level: int = 1) -> Locator:
    """Find a heading of the page."""
    return page.get_by_role("heading", name=name, level=level)


def field(page: Page, label: str) -> Locator:
    """Find a form control by its label, with or without "(optional)" behind it."""
    return page.get_by_role("main").get_by_label(
        re.compile(rf"^\s*{re.escape(label)}(\s*\(optional\))?\s*$")
    )


# --- Signing in and out ---


def accept_terms(page: Page) -> None:
    """Go from the home page through the terms to the sign-in page."""
    page.goto("/")
    press(page, "Login to CMS Secure Portal")
    expect(heading(page, "Terms and Conditions")).to_be_visible()
    press(page, "I Accept")
    expect(field(page, "User ID")).to_be_visible()


def enter_credentials(page: Page, person: Person) -> None:
    """Fill the two steps of the sign-in."""
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)
    if person.password == DEMO_PASSWORD and field(page, "MFA Device Type").count():
        fill_code(page, person.user_id)
    press(page, "Log In")


def fill_code(page: Page, user_id: str) -> None:
    """Choose the app of a demo person and type what it shows."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    field(page, "MFA Device Type").select_option("app_phone")
    field(page, "Security Code").fill(codes.current(origin, user_id))


def sign_in(page: Page, person: Person) -> Page:
    """Walk from the home page to the welcome page."""
    accept_terms(page)
    enter_credentials(page, person)
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    expect(heading(page, "Welcome to CMS Enterprise Portal")).to_be_visible()
    return page


def open_menu(page: Page) -> Locator:
    """Open the menu with the person's name, where it is closed, and return the header."""
    header = page.get_by_role("banner")
    log_out = header.get_by_role("button", name="Log Out")
    if not log_out.is_visible():
        header.locator("button.user-menu__name").click()
    expect(log_out).to_be_visible()
    return header


def sign_out(page: Page) -> None:
    """Log out by the menu in the header."""
    open_menu(page).get_by_role("button", name="Log Out").click()
    expect(control(page.get_by_role("main"), "Login to CMS Secure Portal")).to_be_visible()


# --- Registering ---


def start_registration(page: Page) -> None:
    """Go from the sign-in page to the second step of the registration."""
    press(page, "New User Registration")
    expect(heading(page, "New User Registration")).to_be_visible()
    field(page, "I agree to the terms and conditions").check()
    press(page, "Next")


def fill_information(page: Page, person: Person) -> None:
    """Fill the contact information with an address and a date of birth that are fine."""
    field(page, "First Name").fill(person.first_name)
    field(page, "Last Name").fill(person.last_name)
    field(page, "E-mail Address").fill(person.email)
    field(page, "Confirm E-mail Address").fill(person.email)
    field(page, "Date of Birth").fill("05/17/1984")
    field(page, "Home Address Line 1").fill("12 Quay Street")
    field(page, "City").fill("Baltimore")
    field(page, "State or Territory").select_option("MD")
    field(page, "ZIP Code").fill("21244")
    field(page, "Primary Phone Number").fill("410-555-0142")


def fill_credentials(page: Page, person: Person) -> None:
    """Choose a User ID, a password, and three questions with answers."""
    field(page, "User ID").fill(person.user_id)
    field(page, "Password").fill(person.password)
    field(page, "Confirm Password").fill(person.password)
    for number, answer in enumerate(ANSWERS, start=1):
        field(page, f"Challenge Question {number}").select_option(index=number)
        field(page, f"Answer {number}").fill(answer)


def register(page: Page, person: Person) -> None:
    """Walk through the whole registration, up to its confirmation page."""
    accept_terms(page)
    start_registration(page)
    fill_information(page, person)
    press(page, "Next")
    fill_credentials(page, person)
    press(page, "Next")
    expect(page).to_have_url(re.compile(r"/register/confirmation/$"))


def sign_in_after_activation(page: Page, person: Person) -> None:
    """Follow the link of the page that says the account is active, and sign in."""
    press(page, "Login to CMS Secure Portal")
    press(page, "I Accept")
    enter_credentials(page, person)
    expect(heading(page, "Welcome to CMS Enterprise Portal")).to_be_visible()


def activate(page: Page, person: Person, mail: Mailbox, *, seen: int = 0) -> None:
    """Open the link of the confirmation mail in the browser that registered."""
    message = mail.wait_for(person.email, "activate", seen=seen)
    page.goto(message.link("/register/activate/"))
    expect(heading(page, "Your account is active")).to_be_visible()
