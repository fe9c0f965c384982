"""The terms stand in front of every sign-in, and declining them cancels it."""

import re

from playwright.sync_api import expect

from tests.e2e.people import accept_terms, control, heading, press, sign_in
from tests.e2e.watching import Newcomer, Visitor
from tests.live.portal import RunningPortal


def test_declining_the_terms_cancels_the_sign_in(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/")
    press(page, "Login to CMS Secure Portal")
    press(page, "Decline")

    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.get_by_role("main")).to_contain_text("declined")
    page.goto("/login/")
    expect(heading(page, "Terms and Conditions")).to_be_visible()


def test_declining_after_accepting_takes_the_acceptance_back(visitor: Visitor) -> None:
    page = visitor()
    accept_terms(page)
    page.goto("/terms/")
    press(page, "Decline")
    page.goto("/login/")
    expect(heading(page, "Terms and Conditions")).to_be_visible()


def test_the_sign_in_page_cannot_be_opened_before_the_terms(visitor: Visitor) -> None:
    page = visitor()
    for path in ("/login/", "/login/password/"):
        page.goto(path)
        expect(heading(page, "Terms and Conditions")).to_be_visible()


def test_accepting_is_recorded_with_version_time_and_address(
    visitor: Visitor, newcomer: Newcomer, portal: RunningPortal
) -> None:
    person = newcomer()
    sign_in(visitor(), person)
    accepted = portal.rows(
        "select t.version, t.address, t.accepted_at from accounts_termsacceptance t"
        " join accounts_user u on u.id = t.user_id where u.user_id = %s and t.document = 'terms'",
        person.user_id,
    )
    assert len(accepted) == 1
    assert accepted[0]["version"]
    assert accepted[0]["address"] in {"127.0.0.1", "::1"}


def test_cancel_leaves_the_sign_in(visitor: Visitor) -> None:
    page = visitor()
    accept_terms(page)
    press(page, "Cancel")
    expect(control(page.get_by_role("main"), "Login to CMS Secure Portal")).to_be_visible()
