"""The whole way of the source document in one function, for browsers that lack something."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import access
from tests.e2e.people import (
    Person,
    activate,
    control,
    press,
    register,
    sign_in,
    sign_in_after_activation,
)
from tests.live.mailbox import Mailbox


def walk(page: Page, approver_page: Page, person: Person, approver: Person, mail: Mailbox) -> None:
    """Register, activate, sign in, ask, have it approved by somebody else, and see it held."""
    register(page, person)
    activate(page, person, mail)
    sign_in_after_activation(page, person)
    tracking = access.ask_for_zone(page)

    sign_in(approver_page, approver)
    access.open_approval(approver_page, tracking)
    press(approver_page, "Approve")
    mail.wait_for(person.email, "approved")

    page.goto("/access/")
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile("zONE End User"))
    expect(control(main, "Remove Role")).to_have_count(1)
