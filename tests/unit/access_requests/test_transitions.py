"""Every pair of states: what a request may become, and by which verb."""

import datetime as dt
from itertools import product
from typing import Any

import pytest

from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
CLOSED = [Status.APPROVED, Status.DENIED, Status.WITHDRAWN, Status.EXPIRED]

ALLOWED = {
    (Status.DRAFT, Status.PENDING),
    (Status.PENDING, Status.RETURNED),
    *((Status.PENDING, end) for end in CLOSED),
    (Status.RETURNED, Status.PENDING),
    (Status.RETURNED, Status.WITHDRAWN),
    (Status.RETURNED, Status.EXPIRED),
}


def move(access_request: Any, to: Any) -> None:
    """Use the verb that leads to the state."""
    if to == Status.DRAFT:
        raise ValueError("nothing leads back to a draft")
    if to == Status.PENDING and access_request.status == Status.DRAFT:
        access_request.submit(tracking_number="123456789", at=NOW)
    elif to == Status.PENDING:
        access_request.resubmit(at=NOW)
    elif to == Status.RETURNED:
        access_request.return_for_information(at=NOW)
    else:
        access_request.close(to, at=NOW)


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_every_pair_of_states(before: Status, after: Status) -> None:
    access_request = AccessRequest(status=before)
    if (before, after) in ALLOWED:
        move(access_request, after)
        assert access_request.status == after
    else:
        with pytest.raises(ValueError):
            move(access_request, after)
        assert access_request.status == before


def test_the_table_of_the_model_is_this_table() -> None:
    table = {(before, after) for before, ends in AccessRequest.NEXT.items() for after in ends}
    assert table == ALLOWED


def test_submitting_starts_the_wait() -> None:
    access_request = AccessRequest()
    access_request.submit(tracking_number="123456789", at=NOW)
    assert (access_request.submitted_at, access_request.waiting_since) == (NOW, NOW)


def test_a_new_turn_forgets_the_reminders_of_the_last() -> None:
    access_request = AccessRequest(status=Status.PENDING, reminders_sent=2, reminded_at=NOW)
    access_request.return_for_information(at=NOW)
    assert (access_request.reminders_sent, access_request.reminded_at) == (0, None)


@pytest.mark.parametrize("end", CLOSED)
def test_closing_notes_the_time_and_keeps_the_court(end: Status) -> None:
    access_request = AccessRequest(status=Status.PENDING, court="owner")
    access_request.close(end, at=NOW)
    assert (access_request.closed_at, access_request.court) == (NOW, "owner")


@pytest.mark.parametrize("no_end", [Status.PENDING, Status.RETURNED])
def test_closing_needs_an_end(no_end: Status) -> None:
    with pytest.raises(ValueError):
        AccessRequest(status=Status.PENDING).close(no_end, at=NOW)


def test_a_grant_can_be_ended_by_a_clock_that_was_set_back() -> None:
    held = Grant(started_at=NOW)
    held.end(at=NOW - dt.timedelta(days=400), reason=Grant.EndReason.REVOKED, by=None)
    assert held.ended_at == NOW


def test_a_grant_ends_once() -> None:
    held = Grant(started_at=NOW)
    held.end(at=NOW, reason=Grant.EndReason.REMOVED, by=None)
    with pytest.raises(ValueError):
        held.end(at=NOW, reason=Grant.EndReason.REVOKED, by=None)
    assert held.end_reason == Grant.EndReason.REMOVED
