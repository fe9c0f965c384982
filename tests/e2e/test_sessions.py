"""A session ends when it ends: after logging out nothing of it is left to see or to replay."""

import re

from playwright.sync_api import expect

from tests.e2e.entering import enter
from tests.e2e.people import heading, sign_in, sign_out
from tests.e2e.watching import ConsoleWatch, Newcomer, Visitor


def test_back_after_logging_out_shows_nothing(visitor: Visitor, newcomer: Newcomer) -> None:
    person = newcomer()
    page = sign_in(visitor(), person)
    page.goto("/profile/")
    expect(page.get_by_role("main")).to_contain_text(person.email)
    sign_out(page)
    page.go_back()
    expect(page.get_by_role("main")).not_to_contain_text(person.email)
    expect(page.get_by_role("banner")).not_to_contain_text(person.full_name)


def test_a_copied_cookie_is_worth_nothing_after_logging_out(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = enter(visitor(), newcomer())
    stolen = page.context.cookies()
    thief = visitor()
    thief.context.add_cookies(stolen)  # type: ignore[arg-type]
    thief.goto("/access/")
    expect(heading(thief, "View and Manage My Access")).to_be_visible()

    sign_out(page)
    thief.goto("/access/")
    expect(thief).to_have_url(re.compile(r"/(terms|login)/"))


def test_logging_out_by_address_has_no_effect(visitor: Visitor, newcomer: Newcomer) -> None:
    page = enter(visitor(), newcomer())
    assert page.request.get("/logout/").status == 405
    page.goto("/access/")
    expect(heading(page, "View and Manage My Access")).to_be_visible()


def test_logging_out_from_another_site_has_no_effect(
    visitor: Visitor, newcomer: Newcomer, console: ConsoleWatch
) -> None:
    console.expect("403")
    page = enter(visitor(), newcomer())
    cookies = page.context.cookies()
    answer = page.request.post("/logout/", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 403
    page.goto("/access/")
    expect(heading(page, "View and Manage My Access")).to_be_visible()
    assert {cookie["name"] for cookie in cookies} >= {"session"}


def test_a_cookie_chosen_by_somebody_else_is_replaced_at_sign_in(
    visitor: Visitor, newcomer: Newcomer, base_url: str
) -> None:
    chosen = "abcdefghijklmnopqrstuvwxyz012345"
    page = visitor()
    page.context.add_cookies([{"name": "session", "value": chosen, "url": base_url}])
    sign_in(page, newcomer())
    sessions = [c["value"] for c in page.context.cookies() if c["name"] == "session"]
    assert len(sessions) == 1
    assert sessions[0] != chosen


def test_cookies_are_closed_to_scripts_and_to_other_sites(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    page = sign_in(visitor(), newcomer())
    cookies = page.context.cookies()
    assert cookies
    for cookie in cookies:
        assert cookie["httpOnly"], cookie["name"]
        assert cookie["sameSite"] in {"Lax", "Strict"}, cookie["name"]


def test_a_page_asked_for_before_signing_in_opens_after_it(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    person = newcomer()
    page = visitor()
    page.goto("/catalog/?q=zone")
    expect(page).to_have_url(re.compile(r"/(terms|login)/\?next="))
    page.get_by_role("main").get_by_role("button", name="I Accept").click()
    page.get_by_role("main").get_by_label("User ID").fill(person.user_id)
    page.get_by_role("main").get_by_role("button", name="Next").click()
    page.get_by_role("main").get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("main").get_by_role("button", name="Log In").click()
    expect(page).to_have_url(re.compile(r"/catalog/\?q=zone$"))


def test_an_address_of_another_site_is_never_the_next_page(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    person = newcomer()
    for evil in ("//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"):
        page = visitor()
        page.goto("/terms/?next=" + evil)
        page.get_by_role("main").get_by_role("button", name="I Accept").click()
        page.get_by_role("main").get_by_label("User ID").fill(person.user_id)
        page.get_by_role("main").get_by_role("button", name="Next").click()
        page.get_by_role("main").get_by_label("Password", exact=True).fill(person.password)
        page.get_by_role("main").get_by_role("button", name="Log In").click()
        expect(heading(page, "Welcome to CMS Enterprise Portal")).to_be_visible()
        page.context.close()
