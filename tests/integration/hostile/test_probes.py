"""Known tricks against addresses, parameters and bodies: a plain answer, never a fault."""

import json
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.counts import NEIGHBOURS
from tests.integration.hostile import tricks
from tests.integration.hostile.conftest import SignIn
from tests.live import pages

KINDS = [pages.ANYBODY, pages.REQUESTER, pages.APPROVER, pages.AUDITOR, pages.ADMIN]


@pytest.fixture(scope="module", params=KINDS, ids=lambda who: who or "anybody")
def visitor(request: pytest.FixtureRequest, sign_in: SignIn) -> tuple[str, Client]:
    """Each kind of person in turn, in a browser."""
    return request.param, sign_in(request.param)


def test_parameters(visitor: tuple[str, Client], world: dict[str, str]) -> None:
    who, client = visitor
    paths = [page.path.format(**world) for page in pages.PAGES if page.who == who]
    wrong = []
    for number, path in enumerate(paths):
        # Pages that read no parameter get each trick on one of eight of them.
        given = tricks.PARAMETERS if "?" in path else tricks.PARAMETERS[number % 8 :: 8]
        for parameter in given:
            status = client.get(f"{path.split('?')[0]}?{parameter}").status_code
            if status >= 500:
                wrong.append((status, path, parameter))
    assert paths
    assert wrong == []


def test_addresses(visitor: tuple[str, Client]) -> None:
    _, client = visitor
    statuses = {path: client.get(path).status_code for path in tricks.PATHS}
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    assert {path for path, status in statuses.items() if status == 200} <= {"/admin/jsi18n/"}


def test_other_methods_meet_the_same_guard(
    visitor: tuple[str, Client], world: dict[str, str]
) -> None:
    """A stranger gets from no method what GET refuses; and no method faults."""
    who, client = visitor
    methods = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
    for number, page in enumerate(pages.PAGES):
        path = page.path.format(**world)
        plain = client.get(path).status_code
        for method in methods if page.who else methods[number % 7 :: 7]:
            status = client.generic(method, path).status_code
            assert status < 500, (method, path)
            if plain != 200:
                assert status != 200, (who, method, path, plain)


def test_bodies(visitor: tuple[str, Client], world: dict[str, str]) -> None:
    _, client = visitor
    form = "application/x-www-form-urlencoded"
    bodies = [
        (form, b"\xff\xfe=\xff"),
        (form, b"user_id=%ff&password=%ed%a0%80"),
        (form, b"&".join(b"f%d=1" % number for number in range(1001))),
        (form, b"q=" + b"a" * 3_000_000),
        (form, b"role[]=1&role[]=2&role[a][b]=3"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", json.dumps([[]] * 1000).encode()),
        ("application/json", b"[" * 100_000),
        ("text/plain; charset=utf-7", b"+ADw-script+AD4-"),
        (f"{form}; charset=nonsense", b"a=b"),
    ]
    posted = [
        "/terms/",
        "/login/",
        "/register/terms/",
        "/forgot-user-id/",
        "/catalog/zone/request/",
    ]
    for path in [*posted, f"/approvals/{world['waiting']}/approve/", "/no-such-page/"]:
        for kind, body in bodies:
            status = client.generic("POST", path, body, content_type=kind).status_code
            assert status < 500, (path, kind, body[:40], status)


@pytest.mark.proof
def test_ids_around_ours_show_nothing_foreign(sign_in: SignIn, world: dict[str, str]) -> None:
    stranger, own = sign_in("assister.avery"), sign_in(pages.REQUESTER)
    for name, path in (
        ("own", "/requests/{}/"),
        ("own", "/requests/{}/acknowledgement/"),
        ("own", "/requests/{}/cancel/"),
        ("waiting", "/approvals/{}/"),
        ("grant", "/access/{}/remove/"),
    ):
        center = int(world[name])
        mine = {int(world[key]) for key in ("own", "returned", "approved")}
        for number in range(max(1, center - NEIGHBOURS), center + NEIGHBOURS + 1):
            address = path.format(number)
            assert stranger.get(address).status_code == 404, address
            if name == "own" and number not in mine:
                assert own.get(address).status_code == 404, address


def test_foreign_and_absent_look_the_same(sign_in: SignIn, world: dict[str, str]) -> None:
    stranger = sign_in("assister.avery")
    pairs = [
        (f"/requests/{world['own']}/", "/requests/100000001/"),
        (f"/approvals/{world['waiting']}/", "/approvals/100000001/"),
        (f"/access/{world['grant']}/remove/", "/access/99999999/remove/"),
    ]
    for foreign, absent in pairs:
        here, there = stranger.get(foreign), stranger.get(absent)
        assert here.status_code == there.status_code == 404
        assert _plain(here.content) == _plain(there.content)


def _plain(page: bytes) -> str:
    """A page without what differs by chance: tokens, nonces, and its own address."""
    text = re.sub(r'(value|nonce)="[^"]{16,}"', "", page.decode())
    return re.sub(r"/(requests|approvals|access)/\d+/", "", text)


@pytest.mark.parametrize("evil", tricks.NEXT_PAGES)
def test_the_next_page_is_always_ours(evil: str, sign_in: SignIn, world: dict[str, str]) -> None:
    client = Client(raise_request_exception=False, HTTP_HOST="localhost")
    client.get(f"/terms/?next={quote(evil)}")
    answers = [
        client.post("/terms/", {"decision": "accept", "next": evil}),
        client.post(f"/login/?next={quote(evil)}", {"user_id": pages.REQUESTER, "next": evil}),
        client.post(f"/login/password/?next={quote(evil)}", {
            "password": "Quiet-Harbor-Morning-41", "next": evil,
        }),
    ]  # fmt: skip
    for answer in answers:
        assert answer.status_code == 302
        target = answer.headers["Location"]
        assert target.startswith("/")
        assert not target.startswith(("//", "/\\"))
        assert "Set-Cookie:" not in target
        assert "evil" not in target.split("?")[0]
    client.post(f"/logout/?next={quote(evil)}", {"next": evil})


def test_every_address_refuses_a_stranger_or_is_public_by_decision(
    sign_in: SignIn, world: dict[str, str]
) -> None:
    """Nothing in the list of pages for others opens for nobody."""
    nobody = sign_in(pages.ANYBODY)
    private = [page for page in pages.PAGES if page.who and page.name != "portal:home"]
    public = {page.name for page in pages.PAGES if not page.who}
    for page in private:
        if page.name in public:
            continue
        answer = nobody.get(page.path.format(**world))
        assert answer.status_code in {302, 404}, page.path
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/terms/", "/login/")), page.path
    assert get_resolver().url_patterns
