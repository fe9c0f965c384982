"""Reads the whole log and tells whether it is as it was written.

What is found: a changed, removed, added, copied or exchanged entry or link, a tail that was cut
off (by the anchor file), an entry that was slipped past the sealer, and a sealer that has stopped.
What is not: an entry that disappears together with its place in the waiting list within the few
seconds before it is sealed, and a log rewritten by somebody who holds ``AUDIT_KEY`` and the anchor
file besides the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

import clock
from audit import anchor
from audit.anchor import EMPTY, AnchorError, Head
from audit.canonical import COLUMNS, link_hash, mac_of
from audit.models import AuditEntry, AuditLink, UnsealedEntry

WINDOW = timedelta(minutes=1)
"""So long an entry may wait for its seal; the sealer runs every five seconds."""

CHUNK = 2_000
LISTED = 100


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its kind, and where and what in words for the operator."""

    kind: str
    text: str


@dataclass
class Report:
    """What a verification saw. Only the first problems are kept; ``found`` counts all by kind."""

    entries: int = 0
    problems: list[Problem] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found

    def add(self, kind: str, text: str) -> None:
        """Note a problem."""
        self.found[kind] += 1
        if len(self.problems) < LISTED:
            self.problems.append(Problem(kind, text))


def verify(*, window: timedelta = WINDOW) -> Report:
    """Check every entry and every link, in memory that does not grow with the log.

    May run while the portal works: what is sealed meanwhile is left to the next run.
    """
    report = Report()
    anchored = _read_anchor(report)
    head = _check_chain(report, anchored)
    _check_tail(report, anchored, head)
    _check_unsealed(report, head, window)
    _check_copies(report)
    return report


def waiting_too_long(*, window: timedelta = WINDOW) -> int:
    """How many entries have waited for their seal for longer than the window."""
    late = AuditEntry.objects.filter(at__lt=clock.now() - window)
    return late.filter(pk__in=UnsealedEntry.objects.values("pk")).count()


def _read_anchor(report: Report) -> Head | None:
    try:
        return anchor.read()
    except AnchorError as error:
        report.add("anchor", f"{anchor.path()}: the anchor file cannot be read ({error})")
        return None


def _check_chain(report: Report, anchored: Head | None) -> Head:
    last = EMPTY
    for links in _chunks():
        entries = _entries([entry_id for _, entry_id, _, _ in links])
        for seq, entry_id, prev_hash, digest in links:
            if seq != last.seq + 1:
                report.add("deletion", f"links {last.seq + 1} to {seq - 1} are missing")
            elif prev_hash != last.hash:
                report.add("chain", f"link {seq}: does not follow link {last.seq}")
            values = entries.get(entry_id)
            mac = values[-1] if values else ""
            if values is None:
                report.add("deletion", f"entry {entry_id} (link {seq}) is missing")
            elif _mac_is_wrong(values):
                report.add("edit", f"entry {entry_id} (link {seq}) was changed: {_name(values)}")
            if digest != link_hash(seq=seq, entry_id=entry_id, mac=mac, prev_hash=prev_hash):
                report.add("chain", f"link {seq}: its hash does not fit entry {entry_id}")
            if anchored and anchored.seq == seq and anchored.hash != digest:
                report.add("anchor", f"link {seq} is not the one that was anchored")
            last = Head(seq, digest)
            report.entries += 1
    return last


def _chunks() -> Iterator[list[tuple[int, int, str, str]]]:
    after = None
    while True:
        links: QuerySet[AuditLink] = AuditLink.objects.order_by("seq")
        if after is not None:
            links = links.filter(seq__gt=after)
        rows = list(links.values_list("seq", "entry_id", "prev_hash", "hash")[:CHUNK])
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _entries(ids: list[int]) -> dict[int, tuple[Any, ...]]:
    rows = AuditEntry.objects.filter(pk__in=ids).values_list("pk", *COLUMNS, "mac").order_by()
    return {row[0]: row[1:] for row in rows}


def _mac_is_wrong(values: tuple[Any, ...]) -> bool:
    try:
        return bool(mac_of(values[:-1]) != values[-1])
    except ValueError:
        return True


def _name(values: tuple[Any, ...]) -> str:
    named = dict(zip(COLUMNS, values, strict=False))
    return f"{named['tag']} by {named['actor_label']} at {named['at']:%Y-%m-%d %H:%M:%S}"


def _check_tail(report: Report, anchored: Head | None, head: Head) -> None:
    if anchored and anchored.seq > head.seq:
        report.add(
            "tail", f"links {head.seq + 1} to {anchored.seq} were cut off: the anchor knows them"
        )
    elif anchored is None and head != EMPTY and not report.found["anchor"]:
        report.add("anchor", f"{anchor.path()}: the anchor file is missing; the tail is unproven")


def _check_unsealed(report: Report, head: Head, window: timedelta) -> None:
    """Look at what is outside the chain: it has to be on the waiting list, and not for long."""
    oldest = clock.now() - window
    linked = AuditLink.objects.filter(entry=OuterRef("pk"))
    waiting = UnsealedEntry.objects.filter(pk=OuterRef("pk"))
    unlinked = (
        AuditEntry.objects.filter(~Exists(linked))
        .annotate(is_waiting=Exists(waiting))
        .order_by("pk")
        .values_list("is_waiting", "pk", *COLUMNS, "mac")
    )
    for is_waiting, pk, *values in unlinked.iterator(chunk_size=CHUNK):
        row = tuple(values)
        report.entries += 1
        if _mac_is_wrong(row):
            report.add("insertion", f"entry {pk} was not written by the portal: {_name(row)}")
        elif not is_waiting:
            report.add("insertion", f"entry {pk} was slipped past the sealer: {_name(row)}")
        elif row[COLUMNS.index("at")] < oldest:
            report.add("unsealed", f"entry {pk} waits for its seal since {row[1]:%Y-%m-%d %H:%M}")
    gone = UnsealedEntry.objects.filter(~Exists(AuditEntry.objects.filter(pk=OuterRef("pk"))))
    for pk in gone.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        report.add("deletion", f"entry {pk} is missing: it waited for its seal")


def _check_copies(report: Report) -> None:
    copies = AuditEntry.objects.values("mac").annotate(times=Count("pk")).filter(times__gt=1)
    for row in copies.order_by().iterator(chunk_size=CHUNK):
        report.add("insertion", f"{row['times']} entries are copies of one (code {row['mac']})")
