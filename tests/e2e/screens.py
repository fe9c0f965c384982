"""Takes pictures of the running portal: those of the README, or of every page at two widths.

make screenshots                              docs/images/*.png
.venv/bin/python -m tests.e2e.screens FOLDER  every page, 1280 and 390 wide, to look at
"""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import access, people
from tests.e2e.people import Person
from tests.live import browser, pages
from tests.live.portal import DEMO_PASSWORD, ROOT, RunningPortal

IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000  # bytes of one picture of the README
DESKTOP, README, PHONE = (1280, 860), (1200, 760), (390, 844)


class Visit:
    """A browser signed in as one person, who is nobody for an empty User ID."""

    def __init__(self, chromium: Browser, origin: str, who: str, password: str) -> None:
        context = chromium.new_context(base_url=origin, locale="en-US", reduced_motion="reduce")
        self.page = context.new_page()
        self.resize(DESKTOP)
        if who:
            people.sign_in(self.page, Person(who, password))

    def resize(self, size: tuple[int, int]) -> None:
        """Take the size of a screen."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})


def readme(portal: RunningPortal, chromium: Browser) -> None:
    """Walk the main way and keep the pictures that the README shows."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    anybody = Visit(chromium, portal.origin, "", "").page
    anybody.goto("/")
    _keep(anybody, "home")

    for person in portal.run("tests.live.newcomers", 3):
        visit = Visit(chromium, portal.origin, person["user_id"], person["password"])
        access.ask_for_zone(visit.page)
    assister = Visit(chromium, portal.origin, "assister.avery", DEMO_PASSWORD).page
    assister.goto("/catalog/")
    _keep(assister, "catalog")
    assister.goto("/welcome/")
    access.open_request(assister)
    access.choose_role(assister, "zONE End User")
    _keep(assister, "request")
    tracking = access.ask_for_zone(assister)

    approver = Visit(chromium, portal.origin, "approver.external", DEMO_PASSWORD).page
    approver.goto("/approvals/")
    _keep(approver, "approvals")
    access.open_approval(approver, tracking)
    people.press(approver, "Approve")
    assister.goto("/access/")
    _keep(assister, "my-access")


def every_page(portal: RunningPortal, chromium: Browser, folder: Path) -> None:
    """Open each page of tests/live/pages.py as somebody who may, in both widths."""
    folder.mkdir(parents=True, exist_ok=True)
    samples = portal.run("tests.live.samples")
    own_password = portal.run("tests.live.newcomers", 1)[0]["password"]
    for who in sorted({entry.who for entry in pages.PAGES}):
        password = own_password if who == pages.REQUESTER else DEMO_PASSWORD
        visit = Visit(chromium, portal.origin, who, password)
        for entry in (entry for entry in pages.PAGES if entry.who == who):
            path = entry.path.format(**samples)
            name = path.strip("/").replace("/", "_").replace("?", "_") or "home"
            for size in (DESKTOP, PHONE):
                visit.resize(size)
                visit.page.goto(path)
                target = folder / f"{name}{'-' + who if who else ''}-{size[0]}.png"
                visit.page.screenshot(path=target, full_page=True)


def _keep(page: Page, name: str) -> None:
    target = IMAGES / f"{name}.png"
    page.set_viewport_size({"width": README[0], "height": README[1]})
    page.screenshot(path=target)
    size = target.stat().st_size
    if size > LARGEST:
        raise RuntimeError(f"{target.name} has {size} bytes; a picture may have {LARGEST}")
    print(f"{target.relative_to(ROOT)}: {size // 1000} kB")


def main(arguments: list[str]) -> int:
    """Start the portal and a browser, take the pictures, stop both."""
    if browser.find() is None:
        print(browser.ABSENT, file=sys.stderr)
        return 1
    take = partial(every_page, folder=Path(arguments[0])) if arguments else readme
    with ExitStack() as stack:
        portal = stack.enter_context(RunningPortal())
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(
            executable_path=browser.find(), args=list(browser.ARGUMENTS)
        )
        stack.callback(chromium.close)
        take(portal, chromium)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
