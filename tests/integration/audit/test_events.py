"""Every event becomes exactly one row, and no row can be taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import context, events
from audit.canonical import mac_of_entry
from audit.models import AuditEntry, AuditLink, UnsealedEntry
from audit.services import sealing
from tests.factories.audit import make_entries, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return get_user_model().objects.create_user("Some.One", "one@example.org")


def test_record_takes_one_insert(person: User) -> None:
    target = Group.objects.create(name="A group")
    with CaptureQueriesContext(connection) as queries:
        events.record("group:change", actor=person, target=target, before={"a": 1}, after={"a": 2})
    assert len(queries) == 1
    assert AuditEntry.objects.count() == 1


def test_record_many_takes_one_insert(person: User) -> None:
    wanted = [events.Event(tag="thing:happen", actor=person, target=None) for _ in range(300)]
    with CaptureQueriesContext(connection) as queries:
        events.record_many(wanted)
    assert len(queries) == 1
    assert AuditEntry.objects.count() == 300


def test_entry_tells_who_did_what_to_what(person: User) -> None:
    target = Group.objects.create(name="A group")
    surroundings = context.Context(address="203.0.113.9", request_id="abc", assurance="IAL2/AAL2")
    with context.surroundings(surroundings):
        pk = events.record(
            "group:change",
            actor=person,
            target=target,
            outcome="refused",
            reason="SELF_DECISION",
            on_behalf_of=person,
        ).pk
    entry = AuditEntry.objects.get(pk=pk)
    assert (entry.actor, entry.actor_label, entry.on_behalf_of) == (person, "Some.One", person)
    assert (entry.target_type, entry.target_id) == ("auth.group", str(target.pk))
    assert entry.target_label == "A group"
    assert (entry.outcome, entry.reason) == ("refused", "SELF_DECISION")
    assert (entry.address, entry.request_id) == ("203.0.113.9", "abc")
    assert entry.assurance == "IAL2/AAL2"


def test_actor_without_account_is_named_by_the_surroundings() -> None:
    assert make_entry(actor=None).actor_label == "system"
    with context.surroundings(context.Context(origin="anonymous")):
        entry = make_entry(actor=AnonymousUser())
    assert (entry.actor_id, entry.actor_label) == (None, "anonymous")


@pytest.mark.parametrize("tag", ["", "request", "Request:approve", "a:b:c", "a b:c", ":x", "x:"])
def test_malformed_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="subject:action"):
        make_entry(tag)


def test_unknown_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        make_entry(outcome="perhaps")


def test_code_still_fits_after_the_database_wrote_the_row(person: User) -> None:
    awkward = {
        "text": "Ünï\x00cödé \ud800 <b>",
        "fraction": 0.1 + 0.2,
        "big": 10**30,
        "decimal": Decimal("1.10"),
        "day": dt.date(2026, 2, 28),
        "time": dt.datetime(2026, 2, 28, 1, 2, 3, 456789, tzinfo=dt.UTC),
        "uid": UUID(int=5),
        "nested": {"b": [1, None, True, {"z": "y"}], 1: "one"},
        "set": frozenset({"only"}),
        "not a number": float("nan"),
    }
    with context.surroundings(context.Context(address="::ffff:0:203.0.113.9")):
        pk = make_entry(actor=person, before=awkward, after=[], reason="a\x00b\udfff").pk
    entry = AuditEntry.objects.get(pk=pk)
    assert entry.mac == mac_of_entry(entry)
    assert entry.reason == "ab?"
    assert entry.before is not None
    assert entry.before["fraction"] == "0.30000000000000004"


def test_failing_insert_fails_the_change(person: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Group.objects.create(name="Unrecorded")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditentry ADD CONSTRAINT no CHECK (false) NOT VALID")
        make_entry(actor=person)
    assert not Group.objects.filter(name="Unrecorded").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET {} = {}",
        "DELETE FROM {0}",
        "DELETE FROM {0} WHERE false",
        "TRUNCATE {0} CASCADE",
    ],
)
@pytest.mark.parametrize(("model", "column"), [(AuditEntry, "reason"), (AuditLink, "hash")])
def test_database_refuses_to_change_the_log(model: Any, column: str, sql: str) -> None:
    make_entries(2)
    sealing.seal()
    table = model._meta.db_table
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.format(table, column, column))
    assert model.objects.count() == 2


def test_database_refuses_a_malformed_tag_written_past_the_portal() -> None:
    entry = make_entry()
    copy = AuditEntry.objects.get(pk=entry.pk)
    copy.pk, copy.uid, copy.tag = None, UUID(int=1), "nonsense"
    with (
        pytest.raises(DatabaseError, match="audit_entry_tag_is_subject_action"),
        transaction.atomic(),
    ):
        copy.save(force_insert=True)


def test_new_entry_waits_for_its_seal() -> None:
    entry = make_entry()
    assert list(UnsealedEntry.objects.values_list("pk", flat=True)) == [entry.pk]


def test_person_in_the_log_cannot_be_deleted(person: User) -> None:
    make_entry(actor=person)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [person.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
