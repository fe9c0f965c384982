"""The chain takes in every committed entry once, in the order in which the sealer sees them."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from audit import anchor
from audit.models import AuditEntry, AuditLink, UnsealedEntry
from audit.services import sealing, verification
from audit.tasks import seal as seal_task
from tests.factories.audit import make_entries, make_entry


def _places() -> list[tuple[int, int]]:
    return list(AuditLink.objects.order_by("seq").values_list("seq", "entry_id"))


@pytest.mark.django_db
def test_chain_has_no_gaps_and_covers_each_entry_once() -> None:
    entries = make_entries(7)
    assert sealing.seal(chunk=3) == 7
    assert _places() == [(place, entry.pk) for place, entry in enumerate(entries, start=1)]
    assert not UnsealedEntry.objects.exists()
    assert verification.verify().intact


@pytest.mark.django_db
def test_sealing_again_adds_nothing() -> None:
    make_entries(2)
    assert (sealing.seal(), sealing.seal()) == (2, 0)
    assert AuditLink.objects.count() == 2


@pytest.mark.django_db
def test_task_seals_and_moves_the_anchor(anchor_path: Path) -> None:
    make_entries(3)
    seal_task()
    head = sealing.head()
    content = json.loads(anchor_path.read_text())
    assert (content["seq"], content["hash"]) == (3, head.hash)
    beside = anchor_path.parent / "audit-journal"
    assert sorted(anchor_path.parent.iterdir()) == [anchor_path, beside]


@pytest.mark.django_db
def test_anchor_is_dropped_before_the_first_link() -> None:
    assert sealing.seal() == 0
    assert anchor.read() == anchor.EMPTY
    make_entry()
    assert sealing.seal() == 1
    assert anchor.read() == sealing.head()


@pytest.mark.django_db
def test_anchor_never_goes_backwards() -> None:
    make_entries(3)
    sealing.seal()
    newest = sealing.head()
    anchor.advance(head=anchor.Head(1, "0" * 64), hash_at=sealing._hash_at)
    assert anchor.read() == newest


@pytest.mark.django_db
def test_anchor_that_was_not_moved_in_time_is_moved_by_the_next_sealing() -> None:
    """A sealer was killed after its commit."""
    make_entries(2)
    sealing.seal()
    make_entries(2)
    sealing._seal_chunk(10)
    assert verification.verify().intact
    sealing.seal()
    assert anchor.read() == sealing.head() != anchor.EMPTY


@pytest.mark.django_db
def test_anchor_that_the_chain_contradicts_is_kept_as_evidence(anchor_path: Path) -> None:
    make_entries(2)
    sealing.seal()
    anchor.write(anchor.Head(9, "f" * 64))
    make_entry()
    sealing.seal()
    assert anchor.read() == anchor.Head(9, "f" * 64)


@pytest.mark.django_db
def test_missing_anchor_is_not_quietly_replaced(anchor_path: Path) -> None:
    make_entries(2)
    sealing.seal()
    anchor_path.unlink()
    make_entry()
    assert sealing.seal() == 1
    assert not anchor_path.exists()


@pytest.mark.django_db
def test_unreadable_anchor_is_left_alone(anchor_path: Path) -> None:
    make_entries(2)
    sealing.seal()
    anchor_path.write_text("{}")
    make_entry()
    sealing.seal()
    assert anchor_path.read_text() == "{}"


@pytest.mark.django_db(transaction=True)
def test_entry_that_becomes_visible_late_is_sealed_late() -> None:
    written, may_commit = threading.Event(), threading.Event()

    def slow_transaction() -> None:
        try:
            with transaction.atomic():
                early.append(make_entry())
                written.set()
                may_commit.wait(timeout=20)
        finally:
            connection.close()

    early: list[AuditEntry] = []
    thread = threading.Thread(target=slow_transaction)
    thread.start()
    assert written.wait(timeout=20)
    later = make_entry()
    assert sealing.seal() == 1
    may_commit.set()
    thread.join(timeout=20)
    assert later.pk > early[0].pk
    assert sealing.seal() == 1
    assert _places() == [(1, later.pk), (2, early[0].pk)]
    assert verification.verify().intact


@pytest.mark.django_db(transaction=True)
def test_many_sealers_and_writers_make_one_chain() -> None:
    start = threading.Barrier(8)
    errors: list[Exception] = []

    def work(job: Any) -> None:
        try:
            start.wait(timeout=20)
            for _ in range(20):
                job()
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            errors.append(error)
        finally:
            connection.close()

    jobs = [make_entry] * 4 + [sealing.seal] * 4
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    sealing.seal()
    report = verification.verify()
    assert (report.problems, report.entries) == ([], 80)
    assert [place for place, _ in _places()] == list(range(1, 81))


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_an_open_transaction_that_wrote() -> None:
    """A chain extended inside the transaction would hold the second writer up."""
    done = threading.Event()

    def second_writer() -> None:
        try:
            make_entry()
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        make_entry()
        thread = threading.Thread(target=second_writer)
        thread.start()
        assert done.wait(timeout=20)
    thread.join(timeout=20)
