"""Rows written by statements that are prepared once, for the few tables every transition writes.

``Model.save`` and ``bulk_create`` build their SQL anew each time, at three times the cost of
running it. What these know of a model is its columns; rules that a ``save`` of its own would add,
signals and expressions as values are not for them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection
from django.db.models import Field, JSONField, Model
from django.db.models.options import Options

from prepared.statements import Slot, Statement

Row = TypeVar("Row", bound=Model)


class Insert(Generic[Row]):
    """The INSERT of new rows of a model, one or many, always one statement.

    The rows travel as one JSON text, so that the SQL is the same for any number of them. With
    ``ignore_conflicts`` a row that breaks a unique rule is left out; nobody is told which.
    """

    def __init__(self, model: type[Row], *, ignore_conflicts: bool = False) -> None:
        self._model = model
        self._ignore_conflicts = ignore_conflicts

    def write(self, rows: Sequence[Row]) -> None:
        """Insert the rows, and give them their keys unless conflicts are ignored."""
        if not rows:
            return
        text = json.dumps([self._values(row) for row in rows], cls=_Encoder)
        keys = self._statement.rows({"rows": text})
        if self._ignore_conflicts:
            return
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - documented

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [one for one in _meta(self._model).local_concrete_fields if not one.primary_key]

    @cached_property
    def _statement(self) -> Statement:
        names = ", ".join(_quoted(one) for one in self._fields)
        types = ", ".join(f"{_quoted(one)} {one.db_type(connection)}" for one in self._fields)
        ignored = " ON CONFLICT DO NOTHING" if self._ignore_conflicts else ""
        meta = _meta(self._model)
        sql = (
            f"INSERT INTO {_table(meta)} ({names})"  # noqa: S608 - names of our own columns
            f" SELECT {names} FROM jsonb_to_recordset(%s) AS row ({types}){ignored}"
            f" RETURNING {_quoted(meta.pk)}"
        )
        return Statement(sql, [Slot("rows", "jsonb")])

    def _values(self, row: Row) -> dict[str, Any]:
        return {_column(one): _plain(one, getattr(row, one.attname)) for one in self._fields}


class Update(Generic[Row]):
    """The UPDATE of some columns of one row: ``save(update_fields=...)`` for a known row."""

    def __init__(self, model: type[Row], names: Sequence[str]) -> None:
        self._model = model
        self._names = names

    def write(self, row: Row) -> None:
        """Write the columns. Raises DatabaseError when the row is not there (any more)."""
        values = {
            _column(one): one.get_db_prep_save(getattr(row, one.attname), connection)
            for one in self._fields
        }
        if not self._statement.rows({**values, "key": row.pk}):
            raise DatabaseError("the row to be saved is not there")

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        found = [_meta(self._model).get_field(name) for name in self._names]
        return [one for one in found if isinstance(one, Field)]

    @cached_property
    def _statement(self) -> Statement:
        columns = ", ".join(f"{_quoted(one)} = %({_column(one)})s" for one in self._fields)
        meta = _meta(self._model)
        key = _quoted(meta.pk)
        return Statement.named(
            f"UPDATE {_table(meta)} SET {columns} WHERE {key} = %(key)s RETURNING {key}"  # noqa: S608 - as above
        )


class _Encoder(DjangoJSONEncoder):
    """Times in full: Django's own encoder cuts them to milliseconds."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _plain(field: Field[Any, Any], value: Any) -> Any:
    return value if isinstance(field, JSONField) else field.get_prep_value(value)


def _meta(model: type[Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 - public by documentation


def _table(meta: Options[Any]) -> str:
    return connection.ops.quote_name(meta.db_table)


def _column(field: Field[Any, Any]) -> str:
    return str(field.column)


def _quoted(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(_column(field))
