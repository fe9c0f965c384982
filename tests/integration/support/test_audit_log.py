"""The auditor's log: for auditors only, found by filter, taken away with a trace."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.assurance import Strength
from accounts.models import User
from audit import anchor, events
from audit.models import AuditEntry
from audit.services import sealing
from tests import cast
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anchor_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHOR_PATH = tmp_path / "anchor.json"


@pytest.fixture
def auditor() -> User:
    return cast.auditor()


@pytest.fixture
def auditing(auditor: User) -> Client:
    return cast.client_of(auditor)


def _log(client: Client, **query: str) -> str:
    response = client.get(reverse("support:audit_log"), query)
    assert response.status_code == 200
    return response.content.decode()


def _export(client: Client, **query: str) -> list[list[str]]:
    response = client.get(reverse("support:audit_export"), query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(text.splitlines()))


def _addresses(entry: AuditEntry) -> list[str]:
    return [
        reverse("support:audit_log"),
        reverse("support:audit_export"),
        reverse("support:audit_entry", args=[entry.pk]),
    ]


@pytest.mark.parametrize("who", [cast.assister, cast.administrator, cast.portal_help_desk])
def test_for_others_the_log_does_not_exist(who: Any) -> None:
    entry = events.record("session:sign_in", actor=None, target=None)
    client = cast.client_of(who())
    for address in _addresses(entry):
        assert client.get(address).status_code == 404
    assert AuditEntry.objects.filter(tag="audit_log:export").count() == 0


def test_a_stranger_is_sent_to_the_sign_in(client: Client) -> None:
    entry = events.record("session:sign_in", actor=None, target=None)
    for address in _addresses(entry):
        response = client.get(address)
        assert response.status_code == 302
        assert reverse("accounts:login") in response["Location"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("who", [cast.auditor, cast.superuser])
def test_nobody_writes_the_log_here(who: Any, method: str) -> None:
    entry = events.record("session:sign_in", actor=None, target=None)
    client, before = cast.client_of(who()), list(AuditEntry.objects.values())
    for address in _addresses(entry):
        answer = client.generic(method, address)
        assert answer.status_code == 403
        assert "You cannot do this" in answer.content.decode()
    assert list(AuditEntry.objects.values()) == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_for_others_there_is_nothing_to_write(method: str) -> None:
    entry = events.record("session:sign_in", actor=None, target=None)
    client = cast.client_of(cast.administrator())
    for address in _addresses(entry):
        assert client.generic(method, address).status_code == 404


def test_a_weak_sign_in_writes_no_more_than_a_strong_one(auditor: User) -> None:
    client = cast.client_of(auditor, Strength.WEAK)
    assert client.post(reverse("support:audit_export")).status_code == 403
    assert client.get(reverse("support:audit_export")).status_code == 302


def test_the_newest_entry_comes_first(auditing: Client) -> None:
    events.record("grant:issue", actor=None, target=None, reason="the elder")
    events.record("grant:revoke", actor=None, target=None, reason="the younger")
    html = _log(auditing)
    assert html.index("the younger") < html.index("the elder")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"event": "grant:issue"}, "issued"),
        ({"actor": "Assister.Avery"}, "by avery"),
        ({"target": "approver.EXTERNAL"}, "about emery"),
        ({"outcome": "refused"}, "not allowed"),
        ({"text": "SOMETHING rare"}, "something rare"),
    ],
)
def test_each_filter_finds_its_entry_and_no_other(
    auditing: Client, query: dict[str, str], found: str
) -> None:
    avery, emery = cast.assister(), cast.external_approver()
    events.record("grant:issue", actor=None, target=None, reason="issued")
    events.record("grant:revoke", actor=avery, target=None, reason="by avery")
    events.record("grant:revoke", actor=None, target=emery, reason="about emery")
    events.record("grant:revoke", actor=None, target=None, outcome="refused", reason="not allowed")
    events.record("grant:revoke", actor=None, target=None, reason="something rare")
    rows = _export(auditing, **query)[1:]
    assert [row[9] for row in rows] == [found]
    assert found in _log(auditing, **query)


def test_an_object_is_found_by_its_key(auditing: Client) -> None:
    emery = cast.external_approver()
    events.record("account:activate", actor=None, target=emery, reason="about emery")
    rows = _export(auditing, target=str(emery.pk), event="account:activate")[1:]
    assert [row[9] for row in rows] == ["about emery"]


def test_whole_days_are_meant(auditing: Client) -> None:
    events.record("grant:issue", actor=None, target=None, reason="today")
    today, day = clock.today(), timedelta(days=1)

    def found(**query: Any) -> int:
        query["event"] = "grant:issue"
        return len(_export(auditing, **{name: str(value) for name, value in query.items()})) - 1

    assert found(date_from=today, date_to=today) == 1
    assert found(date_from=today + day) == 0
    assert found(date_to=today - day) == 0
    assert found(date_from=today - day, date_to=today + day) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"date_from": "yesterday"},
        {"date_from": "9999-12-31"},
        {"date_to": "0001-01-01"},
        {"date_from": "2026-05-02", "date_to": "2026-05-01"},
        {"event": "not:known"},
        {"outcome": "maybe"},
        {"actor": "x" * 101},
    ],
)
def test_a_wrong_filter_finds_nothing_and_says_why(auditing: Client, query: dict[str, str]) -> None:
    events.record("grant:issue", actor=None, target=None, reason="unwanted")
    for name in ("audit_log", "audit_export"):
        response = auditing.get(reverse(f"support:{name}"), query)
        assert response.status_code == 200
        html = response.content.decode()
        assert "Please correct the following" in html
        assert "unwanted" not in html
    assert AuditEntry.objects.filter(tag="audit_log:export").count() == 0


def test_somebody_unknown_is_found_nowhere(auditing: Client) -> None:
    assert "No entry matches" in _log(auditing, actor="nobody.known")


def test_pages_follow_each_other_and_keep_the_filter(auditing: Client) -> None:
    events.record_many(
        events.Event(tag="grant:issue", actor=None, target=None, reason=f"entry-{number:03}")
        for number in range(60)
    )
    seen: list[str] = []
    address = reverse("support:audit_log") + "?event=grant:issue"
    for _page in range(3):
        response = auditing.get(address)
        page = response.context["page"]
        seen += [entry.reason for entry in page.items]
        address = reverse("support:audit_log") + page.next_href
        assert page.next_href == "" or "event=grant" in page.next_href
    assert seen == [f"entry-{number:03}" for number in reversed(range(60))]


def test_the_list_costs_the_same_however_long_the_log_is(
    auditing: Client, django_assert_max_num_queries: Any
) -> None:
    events.record_many(
        events.Event(tag="grant:issue", actor=None, target=None) for _number in range(60)
    )
    with django_assert_max_num_queries(9):
        _log(auditing)


def test_an_entry_shows_what_changed(auditing: Client, auditor: User) -> None:
    entry = events.record(
        "account:change_rights",
        actor=auditor,
        target=None,
        before={"is_staff": False, "left": "<b>old</b>"},
        after={"is_staff": True},
        reason="asked by phone",
    )
    response = auditing.get(reverse("support:audit_entry", args=[entry.pk]))
    html = response.content.decode()
    assert response.context["changes"] == [("is_staff", False, True), ("left", "<b>old</b>", "")]
    assert "&lt;b&gt;old&lt;/b&gt;" in html
    assert "asked by phone" in html
    assert "Not sealed yet" in html


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_an_entry_that_is_not_there_is_not_found(auditing: Client, pk: int) -> None:
    assert auditing.get(f"/audit/{pk}/").status_code == 404


def test_an_export_is_itself_recorded_and_does_not_show_itself(
    auditing: Client, auditor: User
) -> None:
    events.record("grant:issue", actor=None, target=None)
    rows = _export(auditing, event="grant:issue")
    assert rows[0][:3] == ["Number", "Time", "Event"]
    assert [row[2] for row in rows[1:]] == ["grant:issue"]
    entry = AuditEntry.objects.get(tag="audit_log:export")
    assert entry.actor == auditor
    assert entry.after == {"tag": "grant:issue"}


def test_no_cell_of_an_export_is_a_formula(auditing: Client) -> None:
    person = accounts.user("mallory.sheets", first_name='=HYPERLINK("http://x")', last_name="+1")
    events.record("grant:issue", actor=person, target=person, reason="@SUM(1)")
    for row in _export(auditing)[1:]:
        assert all(cell[:1] not in {"=", "+", "-", "@", "\t", "\r"} for cell in row)


def test_the_state_of_the_chain_is_told(auditing: Client) -> None:
    events.record("grant:issue", actor=None, target=None)
    sealing.seal()
    assert "fits its anchor" in _log(auditing)


def test_a_cut_chain_is_told(auditing: Client) -> None:
    events.record("grant:issue", actor=None, target=None)
    sealing.seal()
    head = anchor.read()
    assert head is not None
    anchor.write(anchor.Head(head.seq + 5, head.hash))
    assert "does not fit its anchor" in _log(auditing)


def test_an_anchor_that_lags_behind_fits(auditing: Client) -> None:
    events.record("grant:issue", actor=None, target=None)
    sealing.seal()
    elder = anchor.read()
    assert elder is not None
    events.record("grant:issue", actor=None, target=None)
    sealing.seal()
    anchor.write(elder)
    assert "fits its anchor" in _log(auditing)


def test_an_unreadable_anchor_is_told(auditing: Client) -> None:
    anchor.path().write_text("not an anchor")
    assert "does not fit its anchor" in _log(auditing)


def test_the_welcome_page_leads_the_auditor_to_the_log_and_nobody_else(auditing: Client) -> None:
    address = reverse("support:audit_log")
    assert address in auditing.get(reverse("access_requests:welcome")).content.decode()
    other = cast.client_of(cast.assister())
    assert address not in other.get(reverse("access_requests:welcome")).content.decode()
