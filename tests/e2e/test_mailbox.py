"""The portal as delivered, without a mail server: every mail is on the mailbox page."""

import re

from playwright.sync_api import expect

from tests.e2e.inspection import look
from tests.e2e.people import (
    heading,
    register,
    sign_in_after_activation,
    somebody_new,
)
from tests.e2e.watching import Visitor
from tests.live.headers import broken_headers
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal


def test_a_registration_is_finished_by_the_mail_in_the_mailbox(
    visitor: Visitor, portal: RunningPortal
) -> None:
    person = somebody_new()
    page = visitor()
    portal.rows("delete from notifications_mailboxmessage returning id")
    page.goto("/mailbox/")
    assert look(page) == []  # empty
    register(page, person)
    found = page.get_by_role("main").get_by_role("link", name=re.compile("activate", re.IGNORECASE))

    def mail_is_listed() -> None:
        page.goto(f"/mailbox/?q={person.email}")
        expect(found.first).to_be_visible(timeout=500)

    _again(mail_is_listed)
    assert look(page) == []
    found.first.click()
    expect(page.get_by_role("main")).to_contain_text(person.email)
    assert look(page) == []
    page.get_by_role("main").locator('a[href*="/register/activate/"]').first.click()
    expect(heading(page, "Your account is active")).to_be_visible()
    sign_in_after_activation(page, person)


def test_the_html_of_a_mail_is_shown_apart_from_the_portal(
    visitor: Visitor, portal: RunningPortal, mail: Mailbox
) -> None:
    page, person = visitor(), somebody_new()
    register(page, person)
    mail.wait_for(person.email, "activate")
    number = portal.value("select max(id) from notifications_mailboxmessage")
    answer = page.goto(f"/mailbox/{number}/html/")
    assert answer is not None
    assert answer.status == 200
    headers = answer.all_headers()
    assert "sandbox" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"].replace("script-src 'none'", "")
    answer = page.goto(f"/mailbox/{number}/")
    assert answer is not None
    assert broken_headers(answer.all_headers(), signed_in=False) == []


def test_on_a_phone_the_mails_come_before_the_codes_are_unfolded(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/mailbox/")
    codes = page.locator("details.codes").first
    expect(codes).to_have_attribute("open", "")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(codes).not_to_have_attribute("open", "")
    assert look(page) == []
    codes.locator("summary").click()
    expect(codes.get_by_role("table")).to_be_visible()


def _again(attempt: object, *, times: int = 40) -> None:
    """Try until it works: the worker delivers within a few seconds."""
    for left in range(times, 0, -1):
        try:
            attempt()  # type: ignore[operator]
        except AssertionError:
            if left == 1:
                raise
        else:
            return
