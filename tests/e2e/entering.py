"""Signs somebody in without looking at the pages of the sign-in, for tests of what comes after.

The same forms are sent with the cookies of the browser. How the pages look and behave on the way
is what `people.sign_in` walks through, for the tests that are about signing in.
"""

import re
import urllib.request
from http.client import HTTPMessage
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.people import Person, heading
from tests.live.client import Answer, Client


class _Behind(Client):
    """Sends what it sends with the cookies and the name of an open browser."""

    def __init__(self, page: Page) -> None:
        address = urlsplit(page.request.get("/healthz").url)
        super().__init__(f"{address.scheme}://{address.netloc}")
        self._page = page

    def _open(self, request: urllib.request.Request) -> Answer:
        headers = dict(request.header_items())
        if request.data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._page.request.fetch(
            request.full_url,
            method=request.get_method(),
            headers=headers,
            data=request.data if isinstance(request.data, bytes) else None,
        )
        return Answer(answer.status, answer.url, answer.text(), HTTPMessage())


def enter(page: Page, person: Person, *, seed: str = "") -> Page:
    """Sign in with password, and app where there is one, and open the welcome page.

    `seed` is that of the person's authenticator app, as hexadecimal digits.
    """
    _Behind(page).sign_in(person.user_id, person.password, seed=seed)
    page.goto("/welcome/")
    expect(page).to_have_url(re.compile(r"/welcome/$"))
    expect(heading(page, "Welcome to CMS Enterprise Portal")).to_be_visible()
    return page
