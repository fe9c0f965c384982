"""What can become of a request: denied, sent back and answered, canceled; and a role given back."""

import re

from playwright.sync_api import expect

from tests.e2e import access
from tests.e2e.entering import enter
from tests.e2e.people import control, field, heading, press
from tests.e2e.watching import ConsoleWatch, Demo, Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal


def test_a_denial_needs_a_reason_and_the_requester_reads_it(
    visitor: Visitor, mail: Mailbox, newcomer: Newcomer, demo: Demo
) -> None:
    requester = newcomer()
    page = enter(visitor(), requester)
    tracking = access.ask_for_zone(page)

    approver = enter(visitor(), demo("approver.external"))
    access.open_approval(approver, tracking)
    press(approver, "Deny")
    expect(approver.get_by_role("alert")).to_contain_text(access.COMMENT)  # nothing happened yet
    access.decide(approver, "Deny", "Your number is not on our list of assisters.")

    mail.wait_for(requester.email, "denied")
    page.goto(f"/requests/{tracking}/")
    expect(page.get_by_role("main")).to_contain_text("Denied")
    expect(page.get_by_role("main")).to_contain_text("not on our list of assisters")


def test_a_question_comes_back_is_answered_and_the_request_goes_on(
    visitor: Visitor, mail: Mailbox, newcomer: Newcomer, demo: Demo
) -> None:
    requester = newcomer()
    page = enter(visitor(), requester)
    tracking = access.ask_for_zone(page)

    approver = enter(visitor(), demo("approver.external"))
    access.open_approval(approver, tracking)
    access.decide(approver, "Return for Information", "In which county do you work?")

    mail.wait_for(requester.email, "question")
    page.goto(f"/requests/{tracking}/")
    expect(page.get_by_role("main")).to_contain_text("In which county do you work?")
    press(page, "Answer the question")
    field(page, "Your answer").fill("In Harbor County, since last spring.")
    press(page, "Submit")

    access.open_approval(approver, tracking)
    expect(approver.get_by_role("main")).to_contain_text("since last spring")
    press(approver, "Approve")
    mail.wait_for(requester.email, "approved")


def test_an_open_request_can_be_canceled_and_asked_again(
    visitor: Visitor, newcomer: Newcomer, demo: Demo
) -> None:
    page = enter(visitor(), newcomer())
    tracking = access.ask_for_zone(page)

    # A second one while the first is open is refused, with the way to the first.
    page.goto("/welcome/")
    access.open_request(page)
    access.choose_role(page, "zONE End User")
    access.fill_attributes(page)
    press(page, "Next")
    expect(page.get_by_role("main").locator(f'a[href*="{tracking}"]').first).to_be_visible()
    expect(control(page.get_by_role("main"), "Submit")).to_have_count(0)

    page.goto("/access/")
    access.row_with(page, tracking).get_by_role("link", name="Cancel Request").click()
    press(page, "Cancel Request")
    expect(page.get_by_role("main")).to_contain_text("Canceled")

    approver = enter(visitor(), demo("approver.external"))
    approver.goto("/approvals/")
    expect(approver.get_by_role("main")).not_to_contain_text(tracking)

    # What was typed for the refused one is still there, and may be sent now.
    page.goto("/welcome/")
    access.open_request(page)
    expect(field(page, "Navigator or CAC ID")).to_have_value("NAV-204417")
    press(page, "Next")
    assert access.submit(page) != tracking


def test_a_role_is_given_back_after_confirmation(
    visitor: Visitor, mail: Mailbox, newcomer: Newcomer, demo: Demo, portal: RunningPortal
) -> None:
    requester = newcomer()
    page = enter(visitor(), requester)
    tracking = access.ask_for_zone(page)
    approver = enter(visitor(), demo("approver.external"))
    access.open_approval(approver, tracking)
    press(approver, "Approve")
    mail.wait_for(requester.email, "approved")

    page.goto("/access/")
    control(page.get_by_role("main"), "Remove Role").click()
    expect(page).to_have_url(re.compile(r"/access/\d+/remove/$"))
    expect(page.get_by_role("main")).to_contain_text("zONE End User")
    press(page, "Remove Role")

    expect(heading(page, "View and Manage My Access")).to_be_visible()
    expect(control(page.get_by_role("main"), "Remove Role")).to_have_count(0)
    mail.wait_for(requester.email, "removed")
    ended = portal.value(
        "select count(*) from access_requests_grant g join accounts_user u on u.id = g.person_id"
        " where u.user_id = %s and g.ended_at is not null",
        requester.user_id,
    )
    assert ended == 1


def test_nobody_sees_or_decides_their_own_request_or_a_stranger_s(
    visitor: Visitor, newcomer: Newcomer, console: ConsoleWatch
) -> None:
    console.expect("404")
    page = enter(visitor(), newcomer())
    tracking = access.ask_for_zone(page)
    page.goto(f"/approvals/{tracking}/")
    expect(control(page.get_by_role("main"), "Approve")).to_have_count(0)

    stranger = enter(visitor(), newcomer())
    foreign = stranger.goto(f"/requests/{tracking}/")
    assert foreign is not None
    assert foreign.status == 404
    absent = stranger.goto("/requests/100000001/")
    assert absent is not None
    assert absent.status == 404
