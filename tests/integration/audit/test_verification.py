"""Whatever is done to the log behind the portal's back is found."""

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction

import clock
from audit import anchor, context
from audit.models import AuditEntry, AuditLink
from audit.services import sealing, verification
from tests import counts
from tests.factories.audit import make_entries, make_entry

pytestmark = pytest.mark.django_db

TABLES = ("audit_auditentry", "audit_auditlink")
ENTRIES = 40


@pytest.fixture
def log() -> list[int]:
    """A sealed log with different people, tags and surroundings."""
    people = [
        get_user_model().objects.create_user(f"person{number}", f"p{number}@example.org")
        for number in range(3)
    ]
    for number in range(ENTRIES):
        surroundings = context.Context(
            address=f"2001:db8::{number:x}", request_id=f"r{number}", assurance="IAL1/AAL1"
        )
        with context.surroundings(surroundings):
            make_entry(
                f"thing:do{number % 5}",
                actor=people[number % 3],
                on_behalf_of=people[(number + 1) % 3] if number % 2 else None,
                target=people[0],
                reason="because",
                before={"number": number},
            )
    sealing.seal()
    assert verification.verify().intact
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


@contextmanager
def behind_the_back() -> Iterator[Any]:
    """Do what a person with full rights on the database can do, and undo it afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        anchored = sealing.head()
        yield cursor
        transaction.set_rollback(True)
    anchor.write(anchored)


CHANGES: dict[str, Callable[[random.Random], object]] = {
    "uid": lambda pick: str(uuid.UUID(int=pick.getrandbits(128))),
    "at": lambda pick: clock.now() - dt.timedelta(days=pick.randint(1, 900)),
    "tag": lambda pick: "thing:undo",
    "actor_id": lambda pick: None,
    "actor_label": lambda pick: "somebody.else",
    "on_behalf_of_id": lambda pick: -1,
    "target_type": lambda pick: "catalog.system",
    "target_id": lambda pick: str(pick.randint(10**6, 10**7)),
    "target_label": lambda pick: "",
    "before": lambda pick: '{"number": -1}',
    "after": lambda pick: f"[{pick.randint(0, 99)}]",
    "outcome": lambda pick: "failed",
    "reason": lambda pick: "because ",
    "address": lambda pick: f"198.51.100.{pick.randint(0, 255)}",
    "request_id": lambda pick: "",
    "session_hash": lambda pick: "0" * 64,
    "assurance": lambda pick: "IAL2/AAL2",
    "mac": lambda pick: f"{pick.getrandbits(256):064x}",
}


def edit(cursor: Any, log: list[int], pick: random.Random) -> None:
    column = pick.choice(list(CHANGES))
    cursor.execute(
        f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s",  # noqa: S608 - our own names
        [CHANGES[column](pick), pick.choice(log)],
    )


def edit_link(cursor: Any, log: list[int], pick: random.Random) -> None:
    column = pick.choice(["hash", "prev_hash"])
    cursor.execute(
        f"UPDATE audit_auditlink SET {column} = %s WHERE seq = %s",  # noqa: S608 - our own names
        [f"{pick.getrandbits(256):064x}", pick.randint(1, ENTRIES)],
    )


def delete_entry(cursor: Any, log: list[int], pick: random.Random) -> None:
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [pick.choice(log)])


def delete_with_link(cursor: Any, log: list[int], pick: random.Random) -> None:
    pk = pick.choice(log)
    cursor.execute("DELETE FROM audit_auditlink WHERE entry_id = %s", [pk])
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [pk])


def delete_and_close_the_gap(cursor: Any, log: list[int], pick: random.Random) -> None:
    seq = pick.randint(1, ENTRIES - 1)
    cursor.execute("DELETE FROM audit_auditlink WHERE seq = %s RETURNING entry_id", [seq])
    cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [cursor.fetchone()[0]])
    for number in range(seq + 1, ENTRIES + 1):
        cursor.execute("UPDATE audit_auditlink SET seq = seq - 1 WHERE seq = %s", [number])


def cut_the_tail(cursor: Any, log: list[int], pick: random.Random) -> None:
    cursor.execute(
        "DELETE FROM audit_auditlink WHERE seq > %s RETURNING entry_id", [pick.randint(0, 39)]
    )
    gone = [entry_id for (entry_id,) in cursor.fetchall()]
    cursor.execute("DELETE FROM audit_auditentry WHERE id = ANY(%s)", [gone])


def cut_links_only(cursor: Any, log: list[int], pick: random.Random) -> None:
    cursor.execute("DELETE FROM audit_auditlink WHERE seq > %s", [pick.randint(0, 39)])


def _copy(cursor: Any, pk: Any, **changes: Any) -> int:
    names = [str(field.column) for field in AuditEntry._meta.fields if field.column != "id"]
    chosen = [f"%({name})s" if name in changes else name for name in names]
    cursor.execute(
        f"INSERT INTO audit_auditentry ({', '.join(names)}) "  # noqa: S608 - our own names
        f"SELECT {', '.join(chosen)} FROM audit_auditentry WHERE id = %(pk)s RETURNING id",
        {**changes, "pk": pk},
    )
    return int(cursor.fetchone()[0])


def _insert(cursor: Any, log: list[int], pick: random.Random, **changes: Any) -> int:
    return _copy(cursor, pick.choice(log), uid=str(uuid.UUID(int=pick.getrandbits(128))), **changes)


def insert_unsealed(cursor: Any, log: list[int], pick: random.Random) -> None:
    _insert(cursor, log, pick)


def insert_and_announce(cursor: Any, log: list[int], pick: random.Random) -> None:
    pk = _insert(cursor, log, pick, tag="thing:forge")
    cursor.execute("INSERT INTO audit_unsealedentry VALUES (%s)", [pk])
    sealing.seal()


def insert_a_copy(cursor: Any, log: list[int], pick: random.Random) -> None:
    cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE 'audit_auditentry_uid%'")
    for (name,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE audit_auditentry DROP CONSTRAINT {name}")
    pk = _copy(cursor, pick.choice(log))
    cursor.execute("INSERT INTO audit_unsealedentry VALUES (%s)", [pk])
    if pick.random() < 0.5:
        sealing.seal()


def insert_link(cursor: Any, log: list[int], pick: random.Random) -> None:
    pk = _insert(cursor, log, pick)
    cursor.execute(
        "INSERT INTO audit_auditlink (seq, entry_id, prev_hash, hash) SELECT max(seq) + 1, %s, "
        "(SELECT hash FROM audit_auditlink ORDER BY seq DESC LIMIT 1), %s FROM audit_auditlink",
        [pk, f"{pick.getrandbits(256):064x}"],
    )


def exchange_contents(cursor: Any, log: list[int], pick: random.Random) -> None:
    one, two = pick.sample(log, 2)
    cursor.execute("UPDATE audit_auditlink SET entry_id = -1 WHERE entry_id = %s", [one])
    for old, new in ((one, -1), (two, one), (-1, two)):
        cursor.execute("UPDATE audit_auditentry SET id = %s WHERE id = %s", [new, old])
    cursor.execute("UPDATE audit_auditlink SET entry_id = %s WHERE entry_id = -1", [one])


def reorder(cursor: Any, log: list[int], pick: random.Random) -> None:
    one, two = pick.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        cursor.execute("UPDATE audit_auditlink SET seq = %s WHERE seq = %s", [new, old])


TAMPERINGS = [
    edit,
    edit,
    edit_link,
    delete_entry,
    delete_with_link,
    delete_and_close_the_gap,
    cut_the_tail,
    cut_links_only,
    insert_unsealed,
    insert_and_announce,
    insert_a_copy,
    insert_link,
    exchange_contents,
    reorder,
]


@pytest.mark.proof
def test_random_tamperings_are_all_found(log: list[int]) -> None:
    pick = random.Random(20261122)
    missed = []
    for number in range(counts.TAMPERINGS):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with behind_the_back() as cursor:
            tamper(cursor, log, pick)
            if verification.verify().intact:
                missed.append((number, tamper.__name__))
        assert verification.verify().intact
    assert missed == []


@pytest.mark.parametrize("column", CHANGES)
def test_change_of_any_column_is_found_as_an_edit(log: list[int], column: str) -> None:
    with behind_the_back() as cursor:
        cursor.execute(
            f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s",  # noqa: S608 - as above
            [CHANGES[column](random.Random(1)), log[7]],
        )
        report = verification.verify()
    assert report.found["edit"] == 1
    assert any(f"entry {log[7]} " in problem.text for problem in report.problems)


def test_report_tells_what_was_cut_off(log: list[int]) -> None:
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditlink WHERE seq > 30 RETURNING entry_id")
        gone = [entry_id for (entry_id,) in cursor.fetchall()]
        cursor.execute("DELETE FROM audit_auditentry WHERE id = ANY(%s)", [gone])
        report = verification.verify()
    assert [problem.text for problem in report.problems] == [
        "links 31 to 40 were cut off: the anchor knows them"
    ]


def test_cut_tail_stays_found_after_the_log_goes_on(log: list[int]) -> None:
    """The sealer must not move the anchor over the gap."""
    with behind_the_back() as cursor:
        cut_the_tail(cursor, log, random.Random(3))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        make_entries(60)
        assert sealing.seal() == 60
        report = verification.verify()
    assert report.found["anchor"] == 1


def test_entry_removed_before_its_seal_leaves_a_trace(log: list[int]) -> None:
    entry = make_entry()
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry.pk])
        report = verification.verify()
    assert report.found == {"deletion": 1}


def test_entry_may_wait_for_its_seal_only_within_the_window(log: list[int]) -> None:
    make_entry()
    assert verification.verify().intact
    report = verification.verify(window=dt.timedelta(0))
    assert report.found == {"unsealed": 1}


def test_missing_anchor_is_a_problem(log: list[int], anchor_path: Path) -> None:
    anchor_path.unlink()
    assert verification.verify().found == {"anchor": 1}


def test_only_the_first_problems_are_kept_but_all_are_counted(
    log: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "LISTED", 3)
    with behind_the_back() as cursor:
        cursor.execute("UPDATE audit_auditentry SET reason = 'x'")
        report = verification.verify()
    assert (len(report.problems), report.found["edit"]) == (3, ENTRIES)


def test_log_longer_than_a_chunk_is_verified_whole(
    log: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "CHUNK", 7)
    report = verification.verify()
    assert (report.intact, report.entries) == (True, ENTRIES)


def test_other_key_fits_nothing(log: list[int], settings: Any) -> None:
    settings.AUDIT_KEY = "another-key"
    assert verification.verify().found["edit"] == ENTRIES


def _command(*options: str) -> str:
    out = StringIO()
    call_command("audit_verify", *options, stdout=out)
    return out.getvalue()


def test_command_says_that_all_is_well(log: list[int]) -> None:
    make_entry()
    assert _command() == f"The audit log is intact: {ENTRIES + 1} entries checked.\n"
    assert AuditLink.objects.count() == ENTRIES + 1


def test_command_mentions_a_sealer_that_had_stopped(
    log: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry()
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    with pytest.raises(CommandError, match="1 unsealed"):
        _command("--read-only")
    assert _command().startswith("note: 1 entries waited long for their seal")


def test_command_fails_and_says_where(log: list[int]) -> None:
    out = StringIO()
    with behind_the_back() as cursor:
        cursor.execute("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", [log[2]])
        with pytest.raises(CommandError, match=r"NOT intact\. Problems: 1 edit") as raised:
            call_command("audit_verify", stdout=out)
    assert raised.value.returncode == 1
    assert f"edit: entry {log[2]} (link 3) was changed: thing:do2" in out.getvalue()


def test_command_takes_a_restored_log_as_the_new_beginning(
    log: list[int], anchor_path: Path
) -> None:
    anchor_path.unlink()
    with pytest.raises(CommandError):
        _command()
    assert "intact" in _command("--accept-head")
    assert "intact" in _command()
