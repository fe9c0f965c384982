"""What people do with their second factors on the pages, and the app that shows their codes."""

import base64
import time

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.e2e.people import Person, accept_terms, field, heading, open_menu, press

DEVICES = "Manage MFA Devices"


class App:
    """An authenticator app that knows one secret."""

    def __init__(self, secret: str) -> None:
        self._key = base64.b32decode(secret.replace(" ", ""))
        self._last = -1

    def code(self) -> str:
        """What it shows; the next code when this one was used already, as people wait for it."""
        totp = TOTP(self._key)
        now = time.time()
        totp.time = now if int(now) // 30 > self._last else (self._last + 1) * 30
        self._last = int(totp.time) // 30
        return f"{totp.token():06d}"


def open_devices(page: Page) -> None:
    """Go to the list of devices as people do."""
    open_menu(page).get_by_role("link", name="My Profile").click()
    page.get_by_role("navigation", name="My Profile").get_by_role("link", name=DEVICES).click()
    expect(heading(page, DEVICES)).to_be_visible()


def add_app(page: Page) -> App:
    """Add an authenticator app from the list of devices."""
    press(page, "Add Device")
    press(page, "Add Authenticator App on a Phone")
    press(page, "Next")
    app = App(page.get_by_test_id("secret").inner_text())
    field(page, "Security Code").fill(app.code())
    press(page, "Confirm")
    expect(heading(page, DEVICES)).to_be_visible()
    return app


def begin_sign_in(page: Page, person: Person) -> None:
    """Go to the page with the password."""
    accept_terms(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    field(page, "Password").fill(person.password)
