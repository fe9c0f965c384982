"""Reminders and the end of requests that nobody acts on."""

import datetime as dt
from typing import Any

import pytest

import clock
from access_requests import tasks
from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from access_requests.services import decisions, expiry
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests.factories.access_requests import make_request
from tests.factories.accounts import user
from tests.integration.access_requests.conftest import World

NOTHING = {"expired": 0, "reminded": 0}
# Every fifth day, and each day on which something is due with those beside it.
DAYS = sorted({*range(0, 62, 5), *(due + near for due in (7, 30, 50, 60) for near in (-1, 0, 1))})


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


@pytest.fixture
def asked(world: World) -> Any:
    world.everybody()
    return make_request(world.assister, world.end_user, world.harbor)


def run(asked: Any, day: float) -> dict[str, int]:
    return expiry.expire(as_of=asked.submitted_at + days(day))


def test_reminders_go_out_on_their_days_and_then_it_ends(world: World, asked: Any) -> None:
    told = []
    for day in DAYS:
        counts = run(asked, day + 0.01)
        assert run(asked, day + 0.01) == NOTHING
        if counts != NOTHING:
            told.append((day, counts["reminded"], counts["expired"]))
    assert told == [(7, 1, 0), (30, 1, 0), (50, 1, 0), (60, 0, 1)]
    asked.refresh_from_db()
    assert asked.status == Status.EXPIRED
    mails = list(OutboxMessage.objects.order_by("id").values_list("name", "to"))
    reminder = ("access_request_decision_missing", world.external_approver.email)
    assert mails == [reminder] * 3 + [("access_request_expired", world.assister.email)]
    assert AuditEntry.objects.filter(tag="access_request:expire").count() == 1


def test_a_long_silence_is_caught_up_by_one_reminder_and_full_notice(asked: Any) -> None:
    assert run(asked, 400) == {"expired": 0, "reminded": 1}
    assert run(asked, 409.9) == NOTHING
    assert run(asked, 410) == {"expired": 1, "reminded": 0}


def test_an_approver_gets_one_reminder_for_all_that_waits(world: World, asked: Any) -> None:
    for _ in range(3):
        make_request(user(), world.end_user, world.harbor, age=days(1))
    run(asked, 7)
    mail = OutboxMessage.objects.get()
    assert mail.to == world.external_approver.email
    assert "4 requests" in mail.subject


def test_a_returned_request_reminds_the_requester_and_restarts_the_clock(
    world: World, asked: Any
) -> None:
    decisions.return_for_information(
        tracking_number=asked.tracking_number,
        approver=world.external_approver,
        question="Which county?",
    )
    AccessRequest.objects.filter(pk=asked.pk).update(waiting_since=asked.submitted_at + days(40))
    assert run(asked, 46.9) == NOTHING
    assert run(asked, 47) == {"expired": 0, "reminded": 1}
    mail = OutboxMessage.objects.get(name="access_request_answer_missing")
    assert mail.to == world.assister.email


def test_batches_cover_everything(
    world: World, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "BATCH", 2)
    for _ in range(4):
        make_request(user(), world.end_user, world.harbor, age=days(1))
    assert run(asked, 7)["reminded"] == 5


def test_the_tasks_call_the_services(world: World, asked: Any) -> None:
    AccessRequest.objects.filter(pk=asked.pk).update(
        waiting_since=clock.now() - days(8), routed_rule=None
    )
    tasks.expire_requests()
    tasks.reroute_stranded()
    tasks.reconcile_permissions()
    asked.refresh_from_db()
    assert asked.reminders_sent == 1
    assert asked.routed_rule is not None


def test_open_requests_of_closed_accounts_are_swept_away(world: World, asked: Any) -> None:
    type(world.assister).objects.filter(pk=world.assister.pk).update(
        is_active=False, deactivated_at=clock.now()
    )
    tasks.reroute_stranded()
    asked.refresh_from_db()
    assert asked.status == Status.WITHDRAWN
