"""Requests that name another site as theirs: refused, or answered as if they had not."""

from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.watching import Newcomer
from tests.live import forms
from tests.live.mailbox import Mailbox

EVIL = "evil.example"
FORGOT = "/forgot-user-id/"


class Forger:
    """Somebody who writes the request line by hand."""

    def __init__(self, origin: str) -> None:
        self.own = urlsplit(origin).netloc
        self.cookie = ""

    def send(
        self, target: str, fields: forms.Pairs | None = None, **headers: str
    ) -> tuple[HTTPResponse, str]:
        """Ask for a target that may be a whole address; a POST when there are fields."""
        connection = HTTPConnection(self.own, timeout=20)
        body = urlencode(fields or [])
        connection.putrequest("POST" if fields else "GET", target, skip_host=True)
        told = {"Host": self.own, "Content-Length": str(len(body)), "Cookie": self.cookie}
        told["Content-Type"] = "application/x-www-form-urlencoded"
        for name, value in {**told, **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body.encode())
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text


@pytest.mark.parametrize("host", [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", "127.0.0.1:x"])
@pytest.mark.parametrize("target", [FORGOT, f"http://{EVIL}{FORGOT}"])
def test_a_forged_host_is_refused(base_url: str, host: str, target: str) -> None:
    answer, text = Forger(base_url).send(target, Host=host)

    assert answer.status == 400
    assert EVIL not in text + str(answer.headers)


def test_a_whole_address_in_the_request_line_changes_no_link(
    base_url: str, newcomer: Newcomer, mail: Mailbox
) -> None:
    person, forger = newcomer(), Forger(base_url)
    target = f"http://{EVIL}{FORGOT}"
    answer, page = forger.send(target, X_Forwarded_Host=EVIL)
    assert answer.status == 200
    assert EVIL not in page + str(answer.headers)
    forger.cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    form = next(form for form in forms.read(page) if "last_name" in form.names)
    token = next(one.value for one in form.controls if one.name == "csrfmiddlewaretoken")
    fields = {
        "csrfmiddlewaretoken": token,
        "email": person.email,
        "last_name": person.full_name.split()[-1],
    }

    answer, page = forger.send(target, list(fields.items()), X_Forwarded_Host=EVIL)

    assert answer.status == 302, page
    assert EVIL not in str(answer.headers)
    found = mail.wait_for(person.email, "User ID")
    assert found.links()
    assert {urlsplit(link).netloc for link in found.links()} == {forger.own}
    assert EVIL.encode() not in found.raw
