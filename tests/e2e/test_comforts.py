"""What scripts add to the pages: menus, shown passwords, a live checklist, care with forms."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.entering import enter
from tests.e2e.inspection import PHONE, look
from tests.e2e.people import (
    accept_terms,
    field,
    fill_information,
    heading,
    press,
    somebody_new,
    start_registration,
)
from tests.e2e.watching import Demo, Newcomer, Visitor


def test_the_menu_opens_and_closes_by_click_key_and_a_click_beside_it(
    visitor: Visitor, demo: Demo
) -> None:
    page = enter(visitor(), demo("assister.avery"))
    button = page.get_by_role("banner").locator("button.user-menu__name")
    log_out = page.get_by_role("banner").get_by_role("button", name="Log Out")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(log_out).to_be_hidden()

    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(log_out).to_be_visible()

    page.keyboard.press("Escape")
    expect(log_out).to_be_hidden()
    expect(button).to_be_focused()

    button.click()
    page.get_by_role("heading", level=1).click()
    expect(log_out).to_be_hidden()


def test_on_a_phone_the_links_wait_behind_a_button(visitor: Visitor) -> None:
    page = visitor(viewport=PHONE)
    page.goto("/")
    newsroom = page.get_by_role("banner").get_by_role("link", name="Newsroom")
    expect(newsroom).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    newsroom.click()
    expect(page).to_have_url(re.compile(r"/newsroom/$"))


def test_a_password_can_be_shown_and_is_hidden_again_before_it_is_sent(visitor: Visitor) -> None:
    page = visitor()
    accept_terms(page)
    field(page, "User ID").fill("nobody.known")
    press(page, "Next")
    password = field(page, "Password")
    password.fill("Seven lanterns")
    press(page, "Show password")
    expect(password).to_have_attribute("type", "text")
    press(page, "Hide password")
    expect(password).to_have_attribute("type", "password")


def test_the_checklist_follows_the_typing(visitor: Visitor) -> None:
    page, person = visitor(), somebody_new()
    accept_terms(page)
    start_registration(page)
    fill_information(page, person)
    press(page, "Next")
    rules = page.get_by_role("list", name="Rules for your password").get_by_role("listitem")
    long_enough = rules.filter(has_text="At least 15 characters")
    one_digit = rules.filter(has_text="one digit")
    own_name = rules.filter(has_text="first or last name")
    expect(long_enough).to_contain_text("(not met yet)")

    field(page, "Password").fill("Seven-Lanterns-9")
    for rule in (long_enough, one_digit, own_name):
        expect(rule).to_contain_text("(met)")
    field(page, "Password").fill(f"My-Name-Is-{person.last_name}")
    expect(one_digit).to_contain_text("(not met yet)")
    expect(own_name).to_contain_text("(not met yet)")


def test_broken_rules_stay_marked_until_another_password_is_typed(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    page.goto("/profile/password/")
    field(page, "Current Password").fill(person.password)
    field(page, "New Password").fill("password")
    field(page, "Confirm New Password").fill("password")
    press(page, "Save New Password")
    rules = page.get_by_role("list", name="Rules for your password").get_by_role("listitem")
    broken = rules.filter(has_text="(not met)")
    expect(broken).to_have_count(4)
    expect(broken.filter(has_text="commonly used")).to_be_visible()
    assert look(page) == []

    field(page, "Current Password").fill(person.password)
    expect(broken).to_have_count(4)
    field(page, "New Password").fill("P")
    expect(broken).to_have_count(0)
    expect(rules.filter(has_text="capital")).to_contain_text("(met)")


def test_errors_take_the_focus_and_lead_into_the_fields(visitor: Visitor) -> None:
    page = visitor()
    accept_terms(page)
    start_registration(page)
    press(page, "Next")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Error: "))
    summary.get_by_role("link", name=re.compile("^City")).click()
    expect(field(page, "City")).to_be_focused()


def test_a_form_is_sent_once_however_often_its_button_is_pressed(visitor: Visitor) -> None:
    page = visitor()
    accept_terms(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    field(page, "User ID").fill("nobody.known")
    page.evaluate(
        "() => { const b = document.querySelector('main form button[type=submit]');"
        " b.click(); b.click(); b.click(); }"
    )
    expect(field(page, "Password")).to_be_visible()
    assert sent.count("POST") == 1


def test_print_opens_the_dialog_of_the_browser(visitor: Visitor) -> None:
    page = visitor()
    page.add_init_script("window.print = () => { window.printed = true; };")
    page.goto("/about/")
    page.get_by_role("banner").get_by_role("link", name="Print").click()
    assert page.evaluate("window.printed") is True
    expect(page).to_have_url(re.compile(r"/about/$"))


def test_without_scripts_print_says_how(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/about/")
    page.get_by_role("banner").get_by_role("link", name="Print").click()
    expect(page.get_by_role("heading", name="How to print a page")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_beside_the_pages_is_folded_on_a_phone_only(
    visitor: Visitor, newcomer: Newcomer, scripts: bool
) -> None:
    page = enter(visitor(java_script_enabled=scripts), newcomer())
    page.goto("/profile/")
    menu = page.get_by_role("navigation", name="My Profile")
    entry, fold = menu.get_by_role("link", name="Sign-in History"), menu.locator("summary")
    expect(entry).to_be_visible()
    expect(fold).to_be_hidden()

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()
    expect(entry).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    assert not scripts or look(page) == []
    entry.click()
    expect(heading(page, "Sign-in History")).to_be_visible()
    expect(fold).to_have_text("My Profile menu")
