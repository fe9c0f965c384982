"""Pages by key show every row once, in order, by one query each, whatever the cursor says."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.http import QueryDict

from audit.models import AuditEntry
from audit.paging import PARAMETER, Keyset
from notifications.models import OutboxMessage
from tests.factories.audit import make_entries

pytestmark = pytest.mark.django_db


def _walk(keyset: Any, queryset: Any, parameters: Any = "") -> list[list[int]]:
    pages, page = [], keyset.page(queryset, QueryDict(parameters))
    while True:
        pages.append([row.pk for row in page])
        if not page.next_href:
            return pages
        page = keyset.page(queryset, QueryDict(page.next_href[1:]))


def _make_mails(times: list[int]) -> list[int]:
    start = dt.datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=dt.UTC)
    rows = OutboxMessage.objects.bulk_create(
        OutboxMessage(
            name="x",
            to="a@example.org",
            message_id=f"<{number}>",
            created_at=start + dt.timedelta(microseconds=time),
            next_try_at=start,
        )
        for number, time in enumerate(times)
    )
    ordered = sorted(rows, key=lambda row: (row.created_at, row.pk))
    return [row.pk for row in ordered]


@pytest.mark.parametrize("rows", [0, 1, 24, 25, 26, 50, 51])
def test_newest_first_shows_each_row_once(rows: Any) -> None:
    pks = [entry.pk for entry in make_entries(rows)][::-1]
    pages = _walk(Keyset(), AuditEntry.objects.all())
    assert [pk for page in pages for pk in page] == pks
    assert [len(page) for page in pages[:-1]] == [25] * (len(pages) - 1)


@pytest.mark.parametrize("descending", [True, False])
def test_rows_of_the_same_time_are_not_lost_between_pages(descending: Any) -> None:
    pks = _make_mails([3, 1, 1, 1, 2, 1, 0, 3, 3, 3, 1])
    keyset = Keyset("created_at", descending=descending, size=3)
    shown = [pk for page in _walk(keyset, OutboxMessage.objects.all()) for pk in page]
    assert shown == (pks[::-1] if descending else pks)


def test_way_back_leads_over_the_same_pages() -> None:
    make_entries(13)
    keyset, entries = Keyset(size=5), AuditEntry.objects.all()
    there, back = [], []
    page = keyset.page(entries, QueryDict())
    assert page.previous_href == ""
    there.append(page.items)
    while page.next_href:
        page = keyset.page(entries, QueryDict(page.next_href[1:]))
        there.append(page.items)
    back.append(page.items)
    while page.previous_href:
        page = keyset.page(entries, QueryDict(page.previous_href[1:]))
        back.append(page.items)
    assert [len(items) for items in there] == [5, 5, 3]
    assert back == there[::-1]
    assert page.next_href


def test_page_takes_one_query(django_assert_num_queries: Any) -> None:
    make_entries(30)
    keyset = Keyset()
    with django_assert_num_queries(1):
        page = keyset.page(AuditEntry.objects.all(), QueryDict())
    with django_assert_num_queries(1):
        keyset.page(AuditEntry.objects.all(), QueryDict(page.next_href[1:]))


def test_links_keep_the_other_parameters() -> None:
    make_entries(3)
    page = Keyset(size=1).page(AuditEntry.objects.all(), QueryDict("tag=a:b&tag=c:d&q=%26"))
    query = QueryDict(page.next_href[1:])
    assert (query.getlist("tag"), query["q"]) == (["a:b", "c:d"], "&")
    assert len(query.getlist(PARAMETER)) == 1


def test_filter_holds_on_every_page() -> None:
    make_entries(4, tag="thing:one")
    make_entries(4, tag="thing:two")
    pages = _walk(Keyset(size=3), AuditEntry.objects.filter(tag="thing:one"))
    assert [len(page) for page in pages] == [3, 1]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "-1",
        "9" * 400,
        "W10:x",
        signing.Signer(salt="other").sign_object(["n", None, 1]),
        signing.Signer(salt="keyset:auth.group:id:1").sign_object(["n", None, 1]),
    ],
)
def test_cursor_that_is_not_ours_means_the_first_page(cursor: Any) -> None:
    entries = make_entries(3)
    parameters = QueryDict(mutable=True)
    parameters[PARAMETER] = cursor
    page = Keyset(size=2).page(AuditEntry.objects.all(), parameters)
    assert [row.pk for row in page] == [entries[2].pk, entries[1].pk]
    assert page.previous_href == ""


def test_text_can_be_the_order() -> None:
    names = ["b", "ä", "a", "c\u2028", "C"]
    groups = {Group.objects.create(name=name).pk for name in names}
    pages = _walk(Keyset("name", descending=False, size=2), Group.objects.all())
    assert {pk for page in pages for pk in page} == groups
    assert [len(page) for page in pages] == [2, 2, 1]


def test_new_rows_do_not_shift_the_next_page() -> None:
    make_entries(4)
    keyset = Keyset(size=2)
    page = keyset.page(AuditEntry.objects.all(), QueryDict())
    make_entries(3)
    following = keyset.page(AuditEntry.objects.all(), QueryDict(page.next_href[1:]))
    assert [row.pk for row in following] == [page.items[-1].pk - 1, page.items[-1].pk - 2]
