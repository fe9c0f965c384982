"""Every page the URL resolver knows: accessible, within the content rules, never too wide."""

import json
import re

import pytest
from playwright.sync_api import Response, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.people import (
    Person,
    accept_terms,
    field,
    fill_credentials,
    fill_information,
    heading,
    press,
    somebody_new,
)
from tests.e2e.watching import ConsoleWatch, Demo, Visitor
from tests.live import pages, urls_document
from tests.live.headers import broken_headers
from tests.live.mailbox import Mailbox
from tests.live.newcomers import PASSWORD

PERSONS = sorted({page.who for page in pages.PAGES})


def _person(who: str, demo: Demo) -> Person:
    return Person(who, PASSWORD) if who == pages.REQUESTER else demo(who)


def test_every_url_name_is_visited_or_has_a_reason_not_to_be() -> None:
    listed = {page.name for page in pages.PAGES} | set(pages.ON_THE_WAY) | set(pages.NOT_PAGES)
    assert set(urls_document.resolved()) == listed


@pytest.mark.parametrize("who", PERSONS, ids=lambda who: who or "anybody")
def test_pages(
    who: str,
    visitor: Visitor,
    demo: Demo,
    samples: dict[str, str],
    console: ConsoleWatch,
) -> None:
    page = visitor()
    if who:
        enter(page, _person(who, demo))
    complaints = []
    for entry in (entry for entry in pages.PAGES if entry.who == who):
        path = entry.path.format(**samples)
        if entry.status != 200:
            console.expect(f"status of {entry.status}")
        answer = page.goto(path)
        complaints += _judge(answer, entry.status, path, signed_in=bool(who))
        complaints += look(page)
    assert complaints == []


def _judge(answer: Response | None, status: int, path: str, *, signed_in: bool) -> list[str]:
    assert answer is not None
    wrong = [] if answer.status == status else [f"{path}: {answer.status} instead of {status}"]
    faults = broken_headers(answer.all_headers(), signed_in=signed_in)
    return wrong + [f"{path}: {fault}" for fault in faults]


def test_pages_of_the_registration_and_the_sign_in(visitor: Visitor, mail: Mailbox) -> None:
    person, page, complaints = somebody_new(), visitor(), []
    accept_terms(page)
    complaints += look(page)
    field(page, "User ID").fill(person.user_id)
    press(page, "Next")
    complaints += look(page)
    field(page, "Password").fill("not this one")
    press(page, "Log In")
    expect(page.get_by_role("alert")).to_be_visible()
    complaints += look(page)

    page.goto("/register/terms/")
    press(page, "Next")  # without the check box
    expect(page.get_by_role("alert")).to_be_visible()
    complaints += look(page)
    field(page, "I agree to the terms and conditions").check()
    press(page, "Next")
    complaints += look(page)
    press(page, "Next")  # with nothing filled in
    expect(page.get_by_role("alert")).to_be_visible()
    complaints += look(page)
    fill_information(page, person)
    press(page, "Next")
    complaints += look(page)
    press(page, "Next")
    expect(page.get_by_role("alert")).to_be_visible()
    complaints += look(page)
    fill_credentials(page, person)
    press(page, "Next")
    complaints += look(page)
    other = visitor()
    other.goto(mail.wait_for(person.email, "activate").link("/register/activate/"))
    expect(other.get_by_role("button", name="Activate My Account")).to_be_visible()
    complaints += look(other)
    field(other, "Password").fill(person.password)
    press(other, "Activate My Account")
    expect(heading(other, "Your account is active")).to_be_visible()
    complaints += look(other)
    assert complaints == []


def test_error_pages(visitor: Visitor, console: ConsoleWatch, demo: Demo) -> None:
    console.expect("status of 404", "status of 400", "status of 403")
    page = visitor()
    complaints = []
    for path, status in (("/no-such-page/", 404), ("/catalog/?q=%ff", 400)):
        complaints += _judge(page.goto(path), status, path, signed_in=False)
        complaints += look(page)
    enter(page, demo("assister.avery"))
    for path, status in (("/no-such-page/", 404), ("/admin/", 404), ("/audit/", 404)):
        complaints += _judge(page.goto(path), status, path, signed_in=True)
        complaints += look(page)
        expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()  # a way back
    assert complaints == []


def test_a_form_from_elsewhere_gets_a_page_that_says_how_to_go_on(
    visitor: Visitor, console: ConsoleWatch
) -> None:
    console.expect("status of 403")
    page = visitor()
    accept_terms(page)
    page.context.clear_cookies()
    field(page, "User ID").fill("anybody")
    press(page, "Next")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert look(page) == []


def test_the_admin_has_no_fault_and_breaks_no_rule(
    visitor: Visitor, demo: Demo, samples: dict[str, str]
) -> None:
    page = enter(visitor(), demo(pages.ADMIN))
    complaints = []
    for path in json.loads(samples["admin_paths"]):
        answer = page.goto(path)
        complaints += _judge(answer, 200, path, signed_in=True)
        complaints += look(page)
    assert complaints == []


def test_fields_of_the_admin_that_are_chosen_by_typing_say_their_names(
    visitor: Visitor, demo: Demo, samples: dict[str, str]
) -> None:
    page = enter(visitor(), demo(pages.ADMIN))
    paths = json.loads(samples["admin_paths"])
    page.goto(
        next(path for path in paths if re.fullmatch(r"/admin/catalog/role/\d+/change/", path))
    )
    for add in page.locator("tr.add-row").get_by_role("button").all():
        add.click()
    assert look(page) == []

    box = page.get_by_role("combobox", name="User", exact=True)
    box.click()
    expect(page.get_by_role("searchbox", name="User")).to_be_focused()
    expect(page.get_by_role("listbox", name="User").get_by_role("option").first).to_be_visible()
    assert look(page, at_phone_width=False) == []
