"""What people do in the catalog, with their requests, and with the requests of others."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import field, heading, press

COMMENT = "Comment, reason or question"
HARBOR = "Harbor Community Health"
REASON = "I help people in Harbor County to enroll and look rules up in the assister library."


def card(page: Page, name: str) -> Locator:
    """Find the card of a system in the catalog by its heading, in any case."""
    titled = page.get_by_role("heading", name=re.compile(rf"^{re.escape(name)}$", re.IGNORECASE))
    return page.get_by_role("main").get_by_role("listitem").filter(has=titled)


def search_catalog(page: Page, words: str) -> None:
    """Type into the search of the catalog."""
    page.get_by_role("main").get_by_role("searchbox").fill(words)
    press(page, "Search")


def open_request(page: Page, system: str = "ZONE") -> None:
    """Go from the welcome page to the request page of a system."""
    press(page, "Request Access Now")
    expect(heading(page, "Access Catalog")).to_be_visible()
    search_catalog(page, system)
    card(page, system).get_by_role("link", name="Request Access").click()
    expect(heading(page, "Request New System Access")).to_be_visible()


def choose_role(page: Page, role: str) -> None:
    """Pick a role and go on to what it asks for."""
    field(page, "Role").select_option(label=role)
    press(page, "Next")


def fill_attributes(page: Page, *, organization: str = HARBOR, reason: str = REASON) -> None:
    """Answer what zONE End User asks for."""
    field(page, "Organization").fill(organization)
    field(page, "Navigator or CAC ID").fill("NAV-204417")
    field(page, "Reason for request").fill(reason)


def submit(page: Page) -> str:
    """Submit from the review page; return the tracking number of the acknowledgement."""
    expect(heading(page, "Review", level=2)).to_be_visible()
    press(page, "Submit")
    expect(heading(page, "Acknowledgement")).to_be_visible()
    return tracking_number(page)


def tracking_number(page: Page) -> str:
    """Read the tracking number off the page."""
    found = re.search(r"/requests/(\d{8,10})/", page.url)
    assert found is not None, page.url
    expect(page.get_by_role("main")).to_contain_text(found[1])
    return found[1]


def ask_for_zone(page: Page, *, organization: str = HARBOR, reason: str = REASON) -> str:
    """Walk from the welcome page to the acknowledgement of a request for zONE End User."""
    page.goto("/welcome/")
    open_request(page)
    choose_role(page, "zONE End User")
    fill_attributes(page, organization=organization, reason=reason)
    press(page, "Next")
    return submit(page)


def decide(page: Page, button: str, text: str = "") -> None:
    """Write the comment, reason or question, and press one of the three buttons."""
    field(page, COMMENT).fill(text)
    press(page, button)


def open_approval(page: Page, tracking: str) -> None:
    """Find a request in one's queue, through the link in the header, and open it."""
    page.get_by_role("banner").get_by_role("link", name=re.compile("Pending Approvals")).click()
    expect(heading(page, "Pending Approvals")).to_be_visible()
    page.get_by_role("main").locator(f'a[href*="/approvals/{tracking}/"]').first.click()
    expect(page.get_by_role("main")).to_contain_text(tracking)


def row_with(page: Page, text: str) -> Locator:
    """Find the row, card or list item of the page that speaks of something."""
    main = page.get_by_role("main")
    return main.get_by_role("row").or_(main.get_by_role("listitem")).filter(has_text=text)
