"""The sign-in history: successes with their browser, failures, and paging through it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import clock
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.services import sign_in_history
from audit import events
from audit.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db

PAGE = "/profile/history/"
NOON = "2026-03-02 17:00:00+00:00"


CHROME = "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36"


def try_to_sign_in(user: User, password: str, *, agent: str = CHROME) -> None:
    """Go through the pages of the sign-in with this password."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR="198.51.100.7")
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    client.post(reverse("accounts:password"), {"password": password})


def many_sessions(user: User, count: int) -> None:
    """Sessions of the past, one a minute."""
    now = clock.now()
    PortalSession.objects.bulk_create(
        PortalSession(
            user=user,
            key_hash=f"{user.pk}-{number}",
            created_at=now - timedelta(minutes=number),
            last_activity_at=now,
            security_version=1,
        )
        for number in range(1, count + 1)
    )


def test_success_and_failure_stand_with_time_browser_and_network() -> None:
    user = cast.assister()
    with time_machine.travel(NOON, tick=False) as traveller:
        try_to_sign_in(user, "Wrong-Password-2026")
        traveller.shift(timedelta(minutes=3))
        try_to_sign_in(user, "Lantern-Quay-2026")
        traveller.shift(timedelta(minutes=1))

        page = cast.client_of(user).get(PAGE).content.decode()

    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in page.split("<tr>")[2:]]
    assert "Logged in" in rows[1]
    assert "Chrome on Linux" in rows[1]
    assert "198.51.100.7 (the internet)" in rows[1]
    assert "Sign-in failed" in rows[2]
    assert "Chrome on Linux" in rows[2]
    assert "198.51.100.7" in rows[2]
    assert "names the kind of network and not the place" in page


@pytest.mark.parametrize("agent", ["", "x" * 500, "<script>alert(1)</script>"])
def test_whatever_a_browser_calls_itself_harms_nothing(agent: str) -> None:
    user = cast.assister()
    try_to_sign_in(user, "Wrong-Password-2026", agent=agent)

    page = cast.client_of(user).get(PAGE)

    refused = [line for line in page.context["lines"] if not line.is_success]
    assert [line.browser for line in refused] == [agent and "A browser we do not know"]
    assert "alert(1)" not in page.content.decode()
    entry = AuditEntry.objects.get(tag=Tag.SIGN_IN_FAILED)
    assert entry.after == ({"user_agent": agent[:300]} if agent else {})


def test_every_try_and_the_lock_name_the_browser_too() -> None:
    user = cast.assister()
    for _ in range(5):
        try_to_sign_in(user, "Wrong-Password-2026")

    page = sign_in_history.page(user=user)

    assert [line.what for line in page.lines].count("Sign-in locked") == 1
    assert {line.browser for line in page.lines} == {"Chrome on Linux"}


def test_older_lines_without_a_browser_say_so() -> None:
    user = cast.assister()
    events.record(Tag.SIGN_IN_FAILED, actor=None, target=user, outcome="refused")

    assert [line.browser for line in sign_in_history.page(user=user).lines] == [""]


def test_others_have_other_histories() -> None:
    try_to_sign_in(cast.stranger(), "Wrong-Password-2026")
    user = cast.assister()

    lines = cast.client_of(user).get(PAGE).context["lines"]

    assert [line.what for line in lines] == ["Logged in"]


def test_only_sign_ins_stand_in_it() -> None:
    user = cast.assister()
    events.record(Tag.CHANGE_RIGHTS, actor=None, target=user)
    events.record(Tag.SIGN_IN_LOCKED, actor=None, target=user)

    page = sign_in_history.page(user=user)

    assert [line.what for line in page.lines] == ["Sign-in locked"]


def test_paging_shows_every_line_once() -> None:
    user = cast.assister()
    many_sessions(user, 60)
    client = cast.client_of(user)

    seen, address, pages = [], PAGE, 0
    while address:
        context = client.get(address).context
        seen += [line.at for line in context["lines"]]
        older = context["older_href"]
        address, pages = (PAGE + older if older else ""), pages + 1

    assert pages == 3
    assert len(seen) == len(set(seen)) == 61
    assert seen == sorted(seen, reverse=True)


def test_lines_of_one_moment_are_not_lost_between_pages() -> None:
    user = cast.assister()
    with time_machine.travel(NOON, tick=False):
        for _ in range(7):
            events.record(Tag.SIGN_IN_FAILED, actor=None, target=user, outcome="refused")

        seen, cursor = 0, ""
        for _ in range(4):
            page = sign_in_history.page(user=user, cursor=cursor, size=2)
            seen += len(page.lines)
            cursor = page.older

    assert (seen, cursor) == (7, "")


@pytest.mark.parametrize("cursor", ["x", "1.2-3", "999999999999.000000-1", "-1.000000-1", "%00"])
def test_a_cursor_nobody_gave_out_harms_nothing(cursor: str) -> None:
    client = cast.client_of(cast.assister())

    assert client.get(PAGE, {"before": cursor}).status_code in {200, 400}


def test_behind_the_last_line_there_is_a_way_back() -> None:
    client = cast.client_of(cast.assister())

    page = client.get(PAGE, {"before": "1000000000.000000-0"}).content.decode()

    assert "There is no older line in your history." in page
    assert f'href="{PAGE}"' in page


def test_the_page_costs_three_queries(django_assert_num_queries: object) -> None:
    user = cast.assister()
    many_sessions(user, 40)
    client = cast.client_of(user)
    client.get(PAGE)
    assert AuditEntry.objects.count() == 0
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get(PAGE)
