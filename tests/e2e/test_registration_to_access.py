"""The source document's steps 1 and 2, click by click: from the home page to access held."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import access
from tests.e2e.people import (
    Person,
    activate,
    control,
    enter_credentials,
    field,
    fill_credentials,
    fill_information,
    heading,
    press,
    sign_in,
    sign_in_after_activation,
    somebody_new,
)
from tests.e2e.watching import Demo, Newcomer, Visitor
from tests.live.mailbox import Mailbox

ROLES = [
    "Select the Role",
    "zONE End User",
    "zONE External Approver",
    "zONE Helpdesk",
    "CMS zONE Approver",
    "zONE Business Owner",
]


def _open_login_from_home(page: Page) -> None:
    """Step 1: the box with the padlock leads to the terms, and those to the sign-in page."""
    page.goto("/")
    expect(heading(page, "Welcome to CMS Enterprise Portal")).to_be_visible()
    for name in ("Home", "About CMS", "Newsroom", "Archive", "Help & FAQs", "Email", "Print"):
        expect(control(page.get_by_role("banner"), name)).to_be_visible()
    for name in ("Health Care Quality Improvement System", "Provider Resources"):
        expect(control(page.get_by_role("banner"), name)).to_be_visible()
    main = page.get_by_role("main")
    for name in ("Forgot User ID?", "Forgot Password?", "New User Registration"):
        expect(control(main, name)).to_be_visible()
    expect(control(main, "Get E-Mail Alerts")).to_be_visible()

    press(page, "Login to CMS Secure Portal")
    expect(heading(page, "Terms and Conditions")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("0938-1236")
    expect(control(main, "Decline")).to_be_visible()
    press(page, "I Accept")
    expect(page).to_have_url(re.compile(r"/login/"))


def _register(page: Page, person: Person) -> None:
    """Step 1: terms, contact information, User ID and password and three questions."""
    press(page, "New User Registration")
    expect(heading(page, "New User Registration")).to_be_visible()
    field(page, "I agree to the terms and conditions").check()
    press(page, "Next")
    expect(page).to_have_url(re.compile(r"/register/information/$"))
    fill_information(page, person)
    press(page, "Next")
    expect(page).to_have_url(re.compile(r"/register/credentials/$"))
    fill_credentials(page, person)
    press(page, "Next")
    expect(page).to_have_url(re.compile(r"/register/confirmation/$"))


def test_an_assister_registers_asks_for_zone_and_gets_it_from_somebody_else(
    visitor: Visitor, mail: Mailbox, demo: Demo
) -> None:
    assister = somebody_new()
    page = visitor()

    # Step 1: create an account.
    _open_login_from_home(page)
    _register(page, assister)
    activate(page, assister, mail)

    # Step 2: obtain access. The activation page leads to the sign-in.
    sign_in_after_activation(page, assister)
    expect(page.get_by_role("banner")).to_contain_text(assister.full_name)
    press(page, "Request Access Now")
    expect(heading(page, "Access Catalog")).to_be_visible()
    access.search_catalog(page, "zone")
    access.card(page, "ZONE").get_by_role("link", name="Request Access").click()

    expect(heading(page, "Request New System Access")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("System Description")
    for name in ("Request New System Access", "View and Manage My Access"):
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    expect(field(page, "Role").get_by_role("option")).to_have_text(ROLES)
    access.choose_role(page, "zONE End User")
    access.fill_attributes(page)
    press(page, "Next")
    expect(heading(page, "Review", level=2)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(access.HARBOR)

    # Review: edit, and everything typed is still there.
    press(page, "Edit")
    expect(field(page, "Organization")).to_have_value(access.HARBOR)
    expect(field(page, "Navigator or CAC ID")).to_have_value("NAV-204417")
    field(page, "Navigator or CAC ID").fill("NAV-204418")
    press(page, "Next")
    expect(page.get_by_role("main")).to_contain_text("NAV-204418")
    tracking = access.submit(page)

    # Both sides hear of it, and the requester can see who decides.
    mail.wait_for(assister.email, tracking)
    page.goto(f"/requests/{tracking}/")
    expect(page.get_by_role("main")).to_contain_text("zONE External Approver")

    # The approver of the same organization, in a browser of their own.
    approver = visitor()
    sign_in(approver, demo("approver.external"))
    access.open_approval(approver, tracking)
    for known in (assister.full_name, "NAV-204418", access.HARBOR, access.REASON):
        expect(approver.get_by_role("main")).to_contain_text(known)
    press(approver, "Approve")
    expect(approver.get_by_role("main")).to_contain_text("pproved")

    # Step 2, last line: a mail says so, and the role is held.
    mail.wait_for(assister.email, "approved")
    page.goto("/access/")
    expect(heading(page, "View and Manage My Access")).to_be_visible()
    removable = page.get_by_role("link", name="Remove Role")
    held = access.row_with(page, "zONE End User").filter(has=removable)
    expect(held.first).to_contain_text(access.HARBOR)


def test_the_approver_gets_a_mail_that_leads_to_the_request(
    visitor: Visitor,
    mail: Mailbox,
    newcomer: Newcomer,
    demo: Demo,
) -> None:
    page = visitor()
    sign_in(page, newcomer())
    tracking = access.ask_for_zone(page)

    decider = demo("approver.external")
    message = mail.wait_for(decider.email, tracking)
    approver = visitor()
    approver.goto(message.link(f"/approvals/{tracking}/"))
    expect(approver).to_have_url(re.compile(r"/(terms|login)/"))
    if approver.url.split("?")[0].endswith("/terms/"):
        press(approver, "I Accept")
    enter_credentials(approver, decider)
    expect(approver).to_have_url(re.compile(rf"/approvals/{tracking}/$"))
