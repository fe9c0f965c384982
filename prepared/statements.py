"""Statements that PostgreSQL plans once a connection and runs again with other values.

psycopg2 sends every statement as text, so PostgreSQL plans it anew each time: for a statement of
many joins two milliseconds where the run takes a tenth of one. ``PREPARE`` and ``EXECUTE`` keep the
plan; PostgreSQL itself decides after five runs whether one plan is good for all values.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

_NUMBERS = itertools.count(1)
# Of each open connection the names it knows; prepared statements outlive a rollback.
_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_LARGEST = 2**63 - 1
# Each costs the server memory; far more than the portal has, unless somebody tries every page.
MOST_A_CONNECTION = 400


@dataclass(frozen=True)
class Slot:
    """The place of a value that differs from run to run.

    ``type`` is PostgreSQL's name for it, or ``unknown`` to let PostgreSQL see for itself; what
    stands ``before`` and ``after`` is added to a text.
    """

    name: str
    type: str = "unknown"
    before: str = ""
    after: str = ""

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return what is sent for it."""
        value = values[self.name]
        return f"{self.before}{value}{self.after}" if self.before or self.after else value


class Statement:
    """SQL with the values left open.

    ``sql`` has a ``%s`` for each of ``parameters``: a ``Slot``, or a value that is always the same.
    Behind a pooler that hands connections from one client to the next, ``PREPARE_STATEMENTS`` has
    to be off; the same SQL is then sent as text.
    """

    def __init__(self, sql: str, parameters: Sequence[Any]) -> None:
        self._sql = sql
        self._parameters = parameters
        self._name = f"portal_{next(_NUMBERS)}"
        self._slots = list(dict.fromkeys(one for one in parameters if isinstance(one, Slot)))

    @classmethod
    def named(cls, sql: str, **fixed: Any) -> Statement:
        """Return the statement of SQL with ``%(name)s`` places; ``fixed`` never change."""
        return cls(*with_places(sql, fixed))

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it, as one statement, and return the rows. Other values than its own are ignored."""
        with connection.cursor() as cursor:
            given = [slot.value(values) for slot in self._slots]
            if not any(map(_is_too_large, given)) and self._is_known():
                places = f"({', '.join(['%s'] * len(given))})" if given else ""
                cursor.execute(f"EXECUTE {self._name} {places}", given)
            else:
                cursor.execute(self._sql, [_value(one, values) for one in self._parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _is_known(self) -> bool:
        """Prepare it on this connection unless that was done; not counted as a statement.

        False when it has to go as text: by the setting, or because the connection is full.
        """
        if not settings.PREPARE_STATEMENTS:
            return False
        raw = connection.connection
        known = _KNOWN.get(raw)
        if known is None:
            known = _KNOWN[raw] = set()
        if self._name in known:
            return True
        if len(known) >= MOST_A_CONNECTION:
            return False
        with connection.wrap_database_errors, raw.cursor() as cursor:
            numbers = {slot: f"${number}" for number, slot in enumerate(self._slots, start=1)}
            places = tuple(
                numbers[one] if isinstance(one, Slot) else cursor.mogrify("%s", [one]).decode()
                for one in self._parameters
            )
            types = f"({', '.join(slot.type for slot in self._slots)})" if self._slots else ""
            cursor.execute(f"PREPARE {self._name} {types} AS {self._sql % places}")
        known.add(self._name)
        return True


def _is_too_large(value: Any) -> bool:
    """Tell a number that no column holds: written out it fits nothing, as a value it fails."""
    return isinstance(value, int) and not -_LARGEST <= value <= _LARGEST


def _value(one: Any, values: Mapping[str, Any]) -> Any:
    return one.value(values) if isinstance(one, Slot) else one


def with_places(sql: str, fixed: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Turn ``%(name)s`` into ``%s``; return what stands there: what is fixed, or a ``Slot``."""
    places = _Places(fixed)
    return sql % places, places.taken


class _Places(dict[str, str]):
    """Turns ``%(name)s`` into ``%s`` and notes what stands there."""

    def __init__(self, fixed: Mapping[str, Any]) -> None:
        super().__init__()
        self._fixed = fixed
        self.taken: list[Any] = []

    def __missing__(self, name: str) -> str:
        self.taken.append(self._fixed[name] if name in self._fixed else Slot(name))
        return "%s"
