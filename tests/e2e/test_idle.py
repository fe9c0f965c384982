"""Two minutes before a session ends a warning asks, in every window; then the login is shown."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.entering import enter
from tests.e2e.inspection import look
from tests.e2e.people import Person, field, heading, press
from tests.e2e.watching import ConsoleWatch, Demo, Newcomer, Visitor
from tests.live.portal import RunningPortal

TITLE = "Your session is about to end"
LOGIN = re.compile(r"/(terms|login)/\?next=")
DONE_NOTHING = 28 * 60
MINUTE = 60

Pass = Callable[..., None]
# As if nobody had touched the sessions of a person for so long, opened so much earlier.
_MOVED = """
update accounts_portalsession s
   set last_activity_at = last_activity_at - %s * interval '1 second',
       created_at = s.created_at - %s * interval '1 second'
  from accounts_user p
 where p.id = s.user_id and p.user_id = %s and s.ended_at is null
returning s.key_hash
"""


@pytest.fixture
def pass_time(portal: RunningPortal) -> Pass:
    """Let seconds go by for the portal and for the windows of a browser, nobody touching them."""

    def pass_by(context: BrowserContext, person: Person, seconds: int, *, longest: int = 0) -> None:
        moved = portal.rows(_MOVED, seconds, longest, person.user_id)
        assert moved, "nobody is logged in"
        for session in moved:
            portal.forget(f"session-activity:{session['key_hash']}")
        context.clock.fast_forward(seconds * 1000)

    return pass_by


def open_windows(page: Page, *paths: str) -> list[Page]:
    """Open pages in windows of one browser whose time can be moved."""
    page.context.clock.install()
    windows = [page, *(page.context.new_page() for _ in paths[1:])]
    for window, path in zip(windows, paths, strict=True):
        window.goto(path)
    return windows


def warning(page: Page) -> Locator:
    """The dialog, wherever it is open."""
    return page.get_by_role("alertdialog", name=TITLE)


def test_at_28_minutes_every_window_warns_and_at_30_every_window_shows_the_login(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    windows = open_windows(page, "/profile/accessibility/", "/catalog/?q=zone", "/access/", "/")
    expect(warning(page)).to_have_count(0)
    page.get_by_role("main").get_by_role("radio").nth(1).check(force=True)
    sent: list[str] = []
    page.context.on("request", lambda asked: sent.append(asked.method))

    pass_time(page.context, person, DONE_NOTHING - 10)
    expect(warning(page)).to_have_count(0)
    pass_time(page.context, person, 10)
    for window in windows:
        expect(warning(window)).to_be_visible()
        expect(warning(window)).to_contain_text(re.compile(r"Time left:\s+(2:00|1:\d\d)"))
    expect(page).to_have_title(re.compile(r"^Session ends soon \| "))
    expect(page.get_by_role("button", name="Continue")).to_be_focused()

    pass_time(page.context, person, MINUTE)
    expect(page.locator("[data-spoken]")).to_have_text(re.compile("One minute left|30 seconds"))
    pass_time(page.context, person, MINUTE + 2)
    for window in windows:
        expect(window.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
        expect(window.get_by_role("banner")).not_to_contain_text(person.full_name)
    for window in windows[1:3]:
        expect(window).to_have_url(LOGIN)
    assert set(sent) == {"GET"}, "a form was sent again"

    for window in windows:
        window.wait_for_load_state("load")
    pages = [window.get_by_role("main").inner_text() for window in windows]
    assert any("no activity for 30 minutes" in text for text in pages)
    search = windows[1]
    press(search, "I Accept")
    field(search, "User ID").fill(person.user_id)
    press(search, "Next")
    search.get_by_role("main").get_by_label("Password", exact=True).fill(person.password)
    press(search, "Log In")
    expect(search).to_have_url(re.compile(r"/catalog/\?q=zone$"))


def test_continue_in_one_window_continues_all_and_their_forms_still_work(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    page, other = open_windows(
        enter(visitor(), person), "/catalog/zone/request/?role=end-user", "/profile/accessibility/"
    )
    reason = field(page, "Reason for request")
    reason.fill("I help people")
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("Draft saved"))
    pass_time(page.context, person, DONE_NOTHING + 20)  # a busy machine needs the rest
    expect(warning(page)).to_be_visible()
    expect(warning(other)).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    for window in (page, other):
        expect(warning(window)).to_be_hidden()
        expect(window).not_to_have_title(re.compile("Session ends soon"))
    expect(reason).to_have_value("I help people")

    pass_time(page.context, person, MINUTE)
    expect(warning(page)).to_be_hidden()
    other.get_by_role("main").get_by_role("button", name="Save").click()
    expect(other.get_by_role("main")).to_contain_text("saved")

    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(warning(page)).to_be_hidden()
    expect(warning(other)).to_be_hidden()


def test_a_page_opened_in_another_window_takes_the_warning_away(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    page, other = open_windows(enter(visitor(), person), "/catalog/", "/welcome/")
    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    other.goto("/access/")
    expect(heading(other, "View and Manage My Access")).to_be_visible()
    expect(warning(page)).to_be_hidden()


def test_the_warning_can_be_read_and_logs_out_by_its_button(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    (page,) = open_windows(enter(visitor(), person), "/catalog/")
    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    assert [line for line in look(page) if "main heading" not in line] == []
    page.keyboard.press("Tab")
    expect(warning(page).get_by_role("button", name="Log Out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def test_somebody_who_types_is_not_idle(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    (page,) = open_windows(enter(visitor(), person), "/catalog/")
    pass_time(page.context, person, DONE_NOTHING - MINUTE)
    with page.expect_response(re.compile(r"/session/$")) as told:
        page.get_by_role("main").get_by_role("searchbox").press("z")
    assert told.value.request.method == "POST"
    pass_time(page.context, person, 2 * MINUTE)
    expect(warning(page)).to_have_count(0)


def test_the_end_of_twelve_hours_is_told_without_a_way_to_go_on(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass
) -> None:
    person = newcomer()
    (page,) = open_windows(enter(visitor(), person), "/catalog/")
    pass_time(page.context, person, 0, longest=12 * 60 * MINUTE - 100)
    page.goto("/catalog/")
    expect(warning(page)).to_contain_text("almost 12 hours")
    expect(page.get_by_role("button", name="Continue")).to_be_hidden()
    assert [line for line in look(page) if "main heading" not in line] == []
    page.get_by_role("button", name="Close").click()
    expect(warning(page)).to_be_hidden()
    pass_time(page.context, person, 0, longest=102)
    page.context.clock.fast_forward(102_000)
    expect(page).to_have_url(LOGIN)
    expect(page.get_by_role("main")).to_contain_text("open for 12 hours")


def test_logging_out_in_one_window_clears_the_others_but_what_was_typed(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    person = newcomer()
    page = enter(visitor(), person)
    page.goto("/profile/")
    typed = page.context.new_page()
    typed.goto("/catalog/")
    typed.get_by_role("main").get_by_role("searchbox").fill("a long search")
    other = page.context.new_page()
    other.goto("/welcome/")
    other.get_by_role("banner").locator("button.user-menu__name").click()
    other.get_by_role("banner").get_by_role("button", name="Log Out").click()
    expect(page).to_have_url(LOGIN)
    expect(page.get_by_role("main")).not_to_contain_text(person.email)
    expect(typed.get_by_role("main").get_by_role("searchbox")).to_have_value("a long search")


def test_a_lost_connection_is_told_and_covers_the_page_when_the_time_is_up(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass, console: ConsoleWatch
) -> None:
    person = newcomer()
    (page,) = open_windows(enter(visitor(), person), "/catalog/")
    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    console.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    expect(warning(page)).to_contain_text("The portal cannot be reached")
    page.context.clock.fast_forward(3 * MINUTE * 1000)
    expect(warning(page)).to_contain_text("0:00")
    expect(warning(page)).to_have_class(re.compile("is-over"))
    page.context.set_offline(False)
    page.context.clock.fast_forward(15_000)
    expect(warning(page)).not_to_contain_text("cannot be reached")
    expect(warning(page)).not_to_have_class(re.compile("is-over"))


def test_continue_works_on_after_another_login_in_another_window(
    visitor: Visitor, newcomer: Newcomer, pass_time: Pass, console: ConsoleWatch
) -> None:
    person = newcomer()
    page, other = open_windows(enter(visitor(), person), "/catalog/", "/welcome/")
    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    page.evaluate(
        "document.querySelectorAll('input[name=csrfmiddlewaretoken]')"
        ".forEach((field) => { field.value = 'x'.repeat(64) })"
    )
    console.expect("status of 403")
    page.get_by_role("button", name="Continue").click()
    expect(warning(page)).to_be_hidden()
    expect(warning(other)).to_be_hidden()


def test_a_window_of_somebody_else_is_left_when_another_person_logs_in(
    visitor: Visitor, newcomer: Newcomer
) -> None:
    first, second = newcomer(), newcomer()
    page = enter(visitor(), first)
    page.goto("/catalog/")
    other = page.context.new_page()
    enter(other, second)
    expect(page.get_by_role("banner")).to_contain_text(second.full_name)
    expect(page.get_by_role("banner")).not_to_contain_text(first.full_name)


def test_the_administration_warns_too(visitor: Visitor, demo: Demo, pass_time: Pass) -> None:
    person = demo("admin.portal")
    (page,) = open_windows(enter(visitor(), person), "/admin/catalog/system/")
    pass_time(page.context, person, DONE_NOTHING)
    expect(warning(page)).to_be_visible()
    assert [line for line in look(page) if "main heading" not in line] == []
    page.get_by_role("button", name="Continue").click()
    expect(warning(page)).to_be_hidden()
