"""Numbers and days out of all bounds, paths in disguise, methods in disguise: nothing gives way."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from access_requests.models import AccessRequest
from audit.models import AuditEntry
from tests.integration.hostile.conftest import INFORMATION, SignIn
from tests.live import pages

FAST = 0.3  # seconds
AS_PLAIN = 3  # on a busy machine: so many times as long as the page takes at the same time
NUMBERS = ("1000000000", "-1", "0", "1e9", "9" * 40, "1.5", "")
DAYS = ("0000-01-01", "0001-01-01", "9999-12-31", "9999-99-99", "2026-02-30", "2027-02-29", "-1")
# Who, where, and the parameters that page really reads or that others would.
READ = (
    (pages.REQUESTER, "/catalog/", ("page", "page_size", "offset", "limit"), NUMBERS),
    (pages.REQUESTER, "/profile/history/", ("before", "page_size", "offset"), NUMBERS),
    (pages.APPROVER, "/approvals/", ("cursor", "page_size", "offset", "system", "role"), NUMBERS),
    (pages.AUDITOR, "/audit/", ("cursor", "page_size", "offset"), NUMBERS),
    (pages.AUDITOR, "/audit/", ("date_from", "date_to"), DAYS),
    (pages.AUDITOR, "/audit/export/", ("date_from", "date_to"), DAYS),
    (pages.ADMIN, "/admin/accounts/user/", ("p", "all", "page_size", "offset"), NUMBERS),
    (pages.ADMIN, "/admin/access_requests/accessrequest/", ("submitted_at__gte", "p"), DAYS),
)


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """Ask up to three times and count the quickest: another process may have been at work."""
    quickest, answer = FAST * 100, None
    for _ in range(3):
        start = time.perf_counter()
        answer = ask()
        b"".join(answer.streaming_content if answer.streaming else [])
        quickest = min(quickest, time.perf_counter() - start)
        if quickest < FAST:
            break
    return answer, quickest


def _is_slow(seconds: float, ask: Callable[[], Any]) -> bool:
    """Whether it took longer than it may, and longer than the plain page would explain."""
    return seconds >= FAST and seconds > AS_PLAIN * _timed(ask)[1]


@pytest.mark.parametrize(
    ("who", "path", "names", "values"),
    [pytest.param(*row, id=f"{row[1]}?{row[2][0]}") for row in READ],
)
def test_out_of_all_bounds_is_ignored_or_refused_at_once(
    who: str, path: str, names: tuple[str, ...], values: tuple[str, ...], sign_in: SignIn
) -> None:
    client, wrong = sign_in(who), []
    assert client.get(path).status_code == 200
    for name in names:
        for value in values:
            answer, seconds = _timed(partial(client.get, f"{path}?{name}={value}"))
            # Django's own lists lead to themselves, with ?e=1, when they cannot mean it.
            is_plain = answer.status_code in {200, 400, 404} or (
                answer.status_code == 302 and answer.headers["Location"].endswith("?e=1")
            )
            if not is_plain or _is_slow(seconds, partial(client.get, path)):
                wrong.append((name, value, answer.status_code, seconds))
    assert wrong == []


@pytest.mark.parametrize(
    "day", ["01/01/0000", "12/31/9999", "02/30/1984", "02/29/1985", "00/00/0000", "1" * 40]
)
def test_no_such_day_of_birth(day: str, sign_in: SignIn) -> None:
    client = sign_in(pages.ANYBODY)
    client.post("/register/terms/", {"agree": "on"})
    sent = {**INFORMATION, "date_of_birth": day}

    answer, seconds = _timed(partial(client.post, "/register/information/", sent))

    assert not _is_slow(seconds, partial(client.get, "/register/information/"))
    assert answer.status_code == 200
    assert "date_of_birth" in answer.context["form"].errors


# What a guard that compares beginnings of paths would let through.
DISGUISED = (
    "//admin/",
    "/admin//",
    "/./admin/",
    "/x/../admin/",
    "/static/../admin/",
    "/healthz/../audit/",
    "/login/../audit/",
    "/%2e/audit/",
    "/audit/.",
    "/audit/%2e%2e/audit/",
    "/AUDIT/",
    "/audit;x/",
    "/audit/;/",
    "/audit%2f",
    "//audit/",
    "/audit//",
    "/\\audit/",
    "/helpdesk/../audit/export/",
)


@pytest.mark.parametrize("path", DISGUISED)
@pytest.mark.parametrize("who", [pages.ANYBODY, pages.REQUESTER, pages.AUDITOR])
def test_a_path_in_disguise_opens_nothing(path: str, who: str, sign_in: SignIn) -> None:
    """As the server hands it on, whether or not it has decoded it. Nor is it made up for."""
    client = sign_in(who)
    for method in ("GET", "POST", "HEAD", "OPTIONS"):
        answer: Any = client.generic(method, "/", PATH_INFO=path)
        assert answer.status_code in {301, 302, 400, 404, 405}, (method, answer.status_code)
        target = answer.headers.get("Location", "/")
        # Where it leads it leads into the portal, and never past a guard.
        assert target.startswith("/"), target
        assert not target.startswith(("//", "/\\")), target
        if answer.status_code in {301, 302} and not target.startswith(("/terms/", "/login/")):
            assert who == pages.AUDITOR or client.get(target).status_code in {302, 404}, target


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_no_method_is_another_in_disguise(
    method: str, sign_in: SignIn, world: dict[str, str]
) -> None:
    client, before = sign_in(pages.APPROVER), AuditEntry.objects.count()
    for action in ("approve", "deny", "return"):
        address = f"/approvals/{world['waiting']}/{action}/?_method=POST&_method=post"
        answer = client.generic(
            method,
            address,
            b"comment=none&_method=POST",
            content_type="application/x-www-form-urlencoded",
            headers={
                "X-HTTP-Method-Override": "POST",
                "X-HTTP-Method": "POST",
                "X-Method-Override": "POST",
            },
        )
        assert answer.status_code == 405, (action, answer.status_code)
    assert AccessRequest.objects.get(tracking_number=world["waiting"]).status == "pending"
    assert AuditEntry.objects.count() == before


def test_a_post_in_disguise_does_not_read_as_a_get(sign_in: SignIn) -> None:
    answer = sign_in(pages.AUDITOR).post(
        "/audit/?_method=GET", {"_method": "GET"}, headers={"X-HTTP-Method-Override": "GET"}
    )
    assert answer.status_code == 403
