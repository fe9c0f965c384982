"""A browser without eyes: cookies, redirects, forms; enough of them to be many people at once."""

import http.client
import http.cookiejar
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import cast

from django_otp.oath import TOTP

from tests.live import codes, forms
from tests.live.portal import DEMO_PASSWORD

SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """What came back after all redirects."""

    status: int
    url: str
    text: str
    headers: http.client.HTTPMessage

    @property
    def path(self) -> str:
        """The path that was shown in the end."""
        return urllib.parse.urlsplit(self.url).path

    def form(self, having: str) -> forms.Form:
        """Return the form with a control of this name or an action ending so.

        Raises LookupError with what the page answered.
        """
        for form in forms.read(self.text):
            if form.action.endswith(having) or any(one.name == having for one in form.controls):
                return form
        raise LookupError(f"no form with {having!r} at {self.url} ({self.status})")


class Client:
    """One person's browser at one portal. Network trouble raises OSError."""

    def __init__(self, origin: str, *, seconds: float = SECONDS) -> None:
        self.origin = origin
        self.seconds = seconds
        self.ahead = 0.0  # how far the person's watch is ahead, in seconds
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._open(urllib.request.Request(self._address(path)))  # noqa: S310 - loopback

    def post(self, path: str, pairs: forms.Pairs) -> Answer:
        """Send a form."""
        body = urllib.parse.urlencode(pairs).encode()
        address = self._address(path)
        headers = {"Referer": address, "Origin": self.origin}
        return self._open(urllib.request.Request(address, body, headers))  # noqa: S310 - loopback

    def fill(self, page: Answer, having: str, *, button: str = "", **values: str) -> Answer:
        """Fill the form that `Answer.form` finds, and send it."""
        form = page.form(having)
        kept = [(name, value) for name, value in form.pairs(button) if name not in values]
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        return self.post(target, [*kept, *values.items()])

    def sign_in(self, user_id: str, password: str, *, seed: str = "") -> None:
        """Walk through terms, User ID and password; raises LookupError when it does not work.

        `seed` is that of the person's authenticator app, as hexadecimal digits.
        """
        page = self.fill(self.get("/terms/"), "decision", button="accept")
        page = self.fill(page, "user_id", user_id=user_id)
        fields = {"password": password}
        if password == DEMO_PASSWORD and "device_type" in page.form("password").names:
            code = codes.current(self.origin, user_id)
            fields |= {"device_type": "app_phone", "security_code": code}
        elif seed:
            app = TOTP(bytes.fromhex(seed))
            app.time = time.time() + self.ahead
            fields |= {"device_type": "app_phone", "security_code": f"{app.token():06d}"}
        page = self.fill(page, "password", **fields)
        if page.path != "/welcome/":
            raise LookupError(f"{user_id} is not signed in but at {page.url} ({page.status})")

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(self.origin, path)

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=self.seconds) as answer:
                return self._read(answer)
        except urllib.error.HTTPError as error:
            with error:
                return self._read(error)
        except http.client.HTTPException as error:
            raise ConnectionError(f"{type(error).__name__} at {request.full_url}") from error

    @staticmethod
    def _read(answer: "http.client.HTTPResponse | urllib.error.HTTPError") -> Answer:
        text = answer.read().decode("utf-8", errors="replace")
        headers = cast("http.client.HTTPMessage", answer.headers)
        return Answer(answer.status or 0, answer.url or "", text, headers)
