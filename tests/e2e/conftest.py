"""One running portal and one Chromium for all browser tests of a process."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import Person
from tests.e2e.watching import ConsoleWatch, Demo, Newcomer, Visitor
from tests.live import browser as programs
from tests.live.mailbox import Mailbox
from tests.live.portal import DEMO_PASSWORD, RunningPortal

PATIENCE = 600  # seconds for one test
LONGEST = 30_000  # ms until something is seen; two browsers and two portals share a machine
DESKTOP = {"width": 1280, "height": 900}

expect.set_options(timeout=LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Be patient, for two browsers share a machine; skip, with the reason, without a browser."""
    for item in items:
        if "/tests/e2e/" in str(item.path):
            item.add_marker(pytest.mark.timeout(PATIENCE))
    if programs.find() is None:
        absent = pytest.mark.skip(reason=programs.ABSENT)
        for item in items:
            if "/tests/e2e/" in str(item.path):
                item.add_marker(absent)


_UNUSED = (
    "update accounts_mfadevice set last_step = null"
    " where user_id = (select id from accounts_user where user_id = %s) returning id"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine, quietly."""
    return {
        **browser_type_launch_args,
        "executable_path": programs.find(),
        "args": [*programs.ARGUMENTS, *programs.SPARING],
    }


@pytest.fixture(scope="session")
def portal() -> Iterator[RunningPortal]:
    """The portal exactly as `make run` starts it, without a mail server."""
    with RunningPortal() as running:
        yield running


@pytest.fixture(scope="session")
def mail(portal: RunningPortal) -> Mailbox:
    """Every mail the portal sent, as its mailbox page shows it."""
    return Mailbox(portal)


@pytest.fixture(scope="session")
def base_url(portal: RunningPortal) -> str:
    """Where pages are opened."""
    return portal.origin


@pytest.fixture
def console() -> ConsoleWatch:
    """What the browsers of this test complain about."""
    return ConsoleWatch()


@pytest.fixture
def visitor(browser: Browser, console: ConsoleWatch, base_url: str) -> Iterator[Visitor]:
    """Opens a browser that knows nothing yet; at the end no page may have complained."""
    contexts = []

    def open_browser(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": base_url, "viewport": DESKTOP, "locale": "en-US", **options}
        )
        contexts.append(context)
        context.set_default_timeout(LONGEST)
        context.set_default_navigation_timeout(LONGEST)
        console.watch(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert console.unexpected() == []


@pytest.fixture(scope="session")
def samples(portal: RunningPortal) -> dict[str, str]:
    """Objects to open the pages with, by the name that stands in the paths."""
    made: dict[str, str] = portal.run("tests.live.samples")
    return made


@pytest.fixture(scope="session")
def _newcomers(portal: RunningPortal) -> list[Person]:
    """People with an account and nothing else, made in one go; each test takes its own."""
    made = portal.run("tests.live.newcomers", 100)
    return [Person(**fields) for fields in made]


@pytest.fixture
def newcomer(_newcomers: list[Person]) -> Newcomer:
    """Return somebody with an account who holds no role, different at each call."""
    return _newcomers.pop


@pytest.fixture
def demo(portal: RunningPortal) -> Demo:
    """Return one of the demo people by User ID, with an app whose code was not used yet.

    A code works once, so after another test's sign-in one would wait for half a minute.
    """

    def by_user_id(user_id: str) -> Person:
        portal.rows(_UNUSED, user_id)
        email = portal.value("select email from accounts_user where user_id = %s", user_id)
        return Person(user_id=user_id, password=DEMO_PASSWORD, email=email)

    return by_user_id
