"""Every answer says how browsers may use it, also those that refuse, lead elsewhere or fail."""

import json
import re
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from tests.integration.hostile.conftest import SignIn
from tests.live import pages
from tests.live.headers import broken_headers

_NONCE = re.compile(r"'nonce-([^']+)'")
_INLINE = re.compile(r"<(?:script|style)\b(?![^>]*\bsrc=)([^>]*)>")
_HANDLER = re.compile(r"<[^>]+\son[a-z]+=|\bstyle=[\"']|(?:href|src|action)=[\"']javascript:")


def faults(answer: Any, *, signed_in: bool) -> list[str]:
    """What is wrong with the headers of an answer, and with a page that would break its rules."""
    found = broken_headers(answer.headers, signed_in=signed_in)
    if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
        return found
    html = answer.content.decode()
    nonce = _NONCE.search(answer.headers["Content-Security-Policy"])
    for tag in _INLINE.findall(html):
        if nonce is None or f'nonce="{nonce[1]}"' not in tag:
            found.append(f"an inline script or style without the nonce: {tag}")
    if handler := _HANDLER.search(html):
        found.append(f"something inline that the rules forbid: {handler[0]}")
    return found


@pytest.mark.parametrize("who", sorted({page.who for page in pages.PAGES}))
def test_every_page_by_every_method(who: str, sign_in: SignIn, world: dict[str, str]) -> None:
    client = sign_in(who)
    paths = {page.path.format(**world) for page in pages.PAGES if page.who == who}
    if who == pages.ADMIN:
        paths |= set(json.loads(world["admin_paths"]))
    wrong, statuses = [], set()
    for path in sorted(paths):
        for method in ("get", "head", "options", "put"):
            answer = getattr(client, method)(path)
            statuses.add(answer.status_code)
            wrong += [f"{method} {path}: {fault}" for fault in faults(answer, signed_in=bool(who))]
    assert wrong == []
    assert {200, 405} <= statuses


def test_answers_that_refuse_or_lead_elsewhere(sign_in: SignIn, world: dict[str, str]) -> None:
    nobody, requester = sign_in(pages.ANYBODY), sign_in(pages.REQUESTER)
    checked = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    for client, method, path, status in (
        (nobody, "get", "/profile/", 302),
        (nobody, "get", "/no-such-page/", 404),
        (nobody, "get", "/profile", 301),
        (nobody, "get", "/catalog/?q=%ff", 400),
        (nobody, "get", "/static/no-such-file.css", 404),
        (nobody, "get", "/healthz", 200),
        (checked, "post", "/login/", 403),
        (requester, "get", "/admin/", 404),
        (requester, "post", "/logout/?next=/", 302),
    ):
        answer = getattr(client, method)(path)
        assert answer.status_code == status, path
        assert faults(answer, signed_in=False) == [], path


def test_files_too(db: None) -> None:
    file = Path(settings.STATIC_ROOT, "headers.css")
    file.write_text("p { margin: 0 }")

    answer = Client().get("/static/headers.css")

    answer.close()
    file.unlink()
    assert answer.status_code == 200
    assert faults(answer, signed_in=False) == []


def test_pages_of_trouble(
    sign_in: SignIn, world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(pages.ANYBODY)

    for trouble, status in ((OperationalError(), 503), (ValueError(), 500)):
        monkeypatch.setattr("support.views.pages.render", Mock(side_effect=trouble))
        answer = client.get("/about/")
        assert answer.status_code == status
        assert faults(answer, signed_in=False) == []


def test_cookies_are_closed_to_scripts_and_to_other_sites(sign_in: SignIn) -> None:
    cookies = sign_in(pages.REQUESTER).cookies
    assert settings.SESSION_COOKIE_NAME in cookies
    for name, cookie in cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
