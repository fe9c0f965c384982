"""What was sealed is known outside the database, whole and unforgeable."""

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

import clock
from audit import context, journal
from audit.journal import Unreadable
from audit.models import AuditEntry, AuditLink
from audit.services import restoring, sealing
from tests import cast
from tests.factories.audit import make_entries, make_entry

pytestmark = pytest.mark.django_db


def _forgotten() -> tuple[list[str], int]:
    unreadable = Unreadable()
    found = restoring.forgotten(unreadable=unreadable)
    return [str(entry.uid) for entry in found], unreadable.lines


def _forget(*entries: AuditEntry) -> None:
    """Do what a restore to an earlier point does."""
    keys = [entry.pk for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_auditlink WHERE entry_id = ANY(%s)", [keys])
        cursor.execute("DELETE FROM audit_auditentry WHERE id = ANY(%s)", [keys])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _file() -> Path:
    (file,) = journal.folder().iterdir()
    return file


def test_nothing_is_forgotten_on_a_healthy_day() -> None:
    make_entries(7)
    sealing.seal(chunk=3)
    assert _forgotten() == ([], 0)
    assert len(_file().read_text().splitlines()) == 7


def test_forgotten_entries_come_back_whole_and_in_order() -> None:
    person = cast.assister()
    surroundings = context.Context(address="2001:db8::1", request_id="r1", assurance="IAL1/AAL1")
    make_entries(2)
    with context.surroundings(surroundings):
        entry = make_entry(
            "thing:undo",
            actor=person,
            on_behalf_of=person,
            target=person,
            reason="=1+1 \u2028 because",
            before={"number": 1, "names": ["a", None]},
        )
    later = make_entry()
    sealing.seal()
    _forget(entry, later)

    unreadable = Unreadable()
    first, second = restoring.forgotten(unreadable=unreadable)

    assert unreadable.lines == 0
    assert (first.uid, second.uid) == (entry.uid, later.uid)
    assert (first.seq, first.at) == (3, entry.at)
    for name in ("tag", "actor_id", "target_id", "reason", "before", "after", "assurance"):
        assert first.values[name] == getattr(entry, name)


def test_what_waits_for_its_seal_is_not_in_the_journal_yet() -> None:
    make_entry()
    assert not journal.folder().exists()


def test_a_line_that_was_changed_is_not_believed() -> None:
    entry = make_entry("thing:do")
    sealing.seal()
    _forget(entry)
    line = json.loads(_file().read_text())
    _file().write_text(json.dumps({**line, "tag": "thing:undo"}) + "\n")
    assert _forgotten() == ([], 1)


def test_a_line_that_was_cut_off_spoils_no_other() -> None:
    first, second = make_entry(), None
    sealing.seal()
    whole = _file().read_bytes()
    _file().write_bytes(whole + whole[: len(whole) // 2])
    second = make_entry()
    sealing.seal()
    _forget(first, second)
    assert _forgotten() == ([str(first.uid), str(second.uid)], 1)


def test_what_is_written_twice_counts_once() -> None:
    """The sealer was killed between journal and chain."""
    entry = make_entry()
    sealing.seal()
    _file().write_bytes(_file().read_bytes() * 2)
    _forget(entry)
    assert _forgotten() == ([str(entry.uid)], 0)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_down_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    make_entry()

    def full(rows: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "append", full)
        with pytest.raises(OSError, match="No space"), transaction.atomic():
            sealing.seal()
    assert AuditLink.objects.count() == 0
    assert sealing.seal() == 1


def test_only_the_portals_account_may_read_it() -> None:
    make_entry()
    sealing.seal()
    assert stat.S_IMODE(_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder().stat().st_mode) == 0o700


def _write_on_days(start: dt.datetime, days: list[int]) -> list[str]:
    """Seal an entry on each of these days; return the names of the files that are there then."""
    for passed in days:
        with time_machine.travel(start + dt.timedelta(days=passed), tick=False):
            make_entry()
            sealing.seal()
    return [file.stem for file in sorted(journal.folder().iterdir())]


def test_files_older_than_any_backup_are_deleted(settings: Any) -> None:
    settings.AUDIT_JOURNAL_DAYS = 3
    start = clock.now()
    kept = _write_on_days(start, [0, 1, 2, 3, 4, 5])
    assert kept == [(start + dt.timedelta(days=day)).date().isoformat() for day in (2, 3, 4, 5)]


def test_a_clock_that_is_ahead_for_a_while_deletes_no_real_day(settings: Any) -> None:
    settings.AUDIT_JOURNAL_DAYS = 3
    start = clock.now()
    kept = _write_on_days(start, [0, 1, 2, 400, 3])
    days = [(start + dt.timedelta(days=day)).date().isoformat() for day in (0, 1, 2, 3, 400)]
    assert kept[-4:] == days[1:]
