"""Prepared writes put into the table what ``save`` would, by one statement."""

from typing import Any

import pytest
from django.db import DatabaseError, DataError, IntegrityError, transaction

import clock
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from prepared import Insert, Update
from tests.factories.notifications import build_message, make_message

pytestmark = pytest.mark.django_db

INSERT = Insert(OutboxMessage)
INSERT_ONCE = Insert(OutboxMessage, ignore_conflicts=True)
UPDATE = Update(OutboxMessage, ["status", "sent_at", "last_error"])
ENTRIES = Insert(AuditEntry)

NASTY = ["'; drop table x; --", "100 %s %(name)s", 'a "quote" \\ and \u2028 ü 🙂', "~null~", ""]


def _entry(**fields: Any) -> AuditEntry:
    facts: dict[str, Any] = {"at": clock.now(), "tag": "a:b", "outcome": "success", "mac": "m"}
    return AuditEntry(**{**facts, **fields})


def _columns(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


@pytest.mark.parametrize("nasty", NASTY)
def test_rows_come_back_as_they_were(nasty: str) -> None:
    rows = [
        _entry(reason=nasty, before={nasty: [1, 2.5, None, {"x": nasty}]}, address="192.0.2.1"),
        _entry(after={}, before=None, target_label=nasty),
    ]
    ENTRIES.write(rows)
    for row in rows:
        assert _columns(AuditEntry.objects.get(pk=row.pk)) == _columns(row)
        assert not row._state.adding
    assert rows[0].pk < rows[1].pk


def test_many_rows_are_one_statement(django_assert_num_queries: Any) -> None:
    make_message()
    for count in (1, 30):
        with django_assert_num_queries(1):
            INSERT.write([build_message() for _ in range(count)])
    with django_assert_num_queries(0):
        INSERT.write([])
    assert OutboxMessage.objects.count() == 32


def test_a_conflict_is_an_error_or_left_out() -> None:
    kept = make_message(dedupe_key="once")
    with pytest.raises(IntegrityError), transaction.atomic():
        INSERT.write([build_message(), build_message(dedupe_key="once")])
    assert OutboxMessage.objects.get() == kept
    INSERT_ONCE.write([build_message(dedupe_key="once"), build_message(dedupe_key="new")])
    keys = OutboxMessage.objects.order_by("pk").values_list("dedupe_key", flat=True)
    assert list(keys) == ["once", "new"]


@pytest.mark.parametrize("fields", [{"name": "x" * 81}, {"to": "a\x00b"}])
def test_what_does_not_fit_is_refused_and_not_cut(fields: dict[str, str]) -> None:
    with pytest.raises(DataError), transaction.atomic():
        INSERT.write([build_message(**fields)])
    assert not OutboxMessage.objects.exists()


def test_an_update_writes_its_columns_alone(django_assert_num_queries: Any) -> None:
    message = make_message(to="a@example.org")
    other = make_message()
    message.status, message.sent_at = "sent", clock.now()
    message.last_error, message.to = "it's 100 % fine", "b@example.org"
    UPDATE.write(message)
    with django_assert_num_queries(1):
        UPDATE.write(message)
    kept = OutboxMessage.objects.get(pk=message.pk)
    assert (kept.status, kept.sent_at) == ("sent", message.sent_at)
    assert (kept.last_error, kept.to) == ("it's 100 % fine", "a@example.org")
    other.refresh_from_db()
    assert other.status == "queued"


def test_an_update_of_a_row_that_is_gone_is_an_error() -> None:
    message = make_message()
    OutboxMessage.objects.all().delete()
    with pytest.raises(DatabaseError, match="not there"):
        UPDATE.write(message)


def test_it_is_sent_as_text_where_preparing_is_switched_off(settings: Any) -> None:
    settings.PREPARE_STATEMENTS = False
    message = build_message()
    INSERT.write([message])
    message.last_error = "x"
    UPDATE.write(message)
    assert OutboxMessage.objects.get().last_error == "x"
