"""Tells what a database that was restored to an earlier point has forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import islice

from audit import journal
from audit.journal import Kept, Unreadable
from audit.models import AuditEntry

CHUNK = 5_000


def forgotten(*, unreadable: Unreadable) -> list[Kept]:
    """Return what the journal has and the log has not, each entry once, oldest first.

    Counts the lines of the journal that cannot be believed.
    """
    found: dict[uuid.UUID, Kept] = {}
    kept = journal.read(unreadable=unreadable)
    while chunk := list(islice(kept, CHUNK)):
        found |= {entry.uid: entry for entry in _missing(chunk)}
    return sorted(found.values(), key=lambda entry: (entry.at, entry.seq))


def _missing(chunk: list[Kept]) -> Iterator[Kept]:
    here = AuditEntry.objects.filter(uid__in=[entry.uid for entry in chunk])
    known = set(here.values_list("uid", flat=True))
    return (entry for entry in chunk if entry.uid not in known)
