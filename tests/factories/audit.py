"""Builds entries of the audit log for tests."""

from itertools import count
from typing import Any

from audit import events
from audit.models import AuditEntry

_numbers = count(1)


def make_entry(tag: str = "thing:happen", **fields: Any) -> AuditEntry:
    """Record one event as the portal would; without fields the system did something to nothing."""
    number = next(_numbers)
    return events.record(
        tag, **{"actor": None, "target": None, "after": {"number": number}, **fields}
    )


def make_entries(count_: int, **fields: Any) -> list[AuditEntry]:
    """Record several events."""
    return [make_entry(**fields) for _ in range(count_)]
