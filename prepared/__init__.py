"""Compiles a query once, has PostgreSQL plan it once, and runs it again with other values.

Django builds and compiles a queryset at every use: about a millisecond of Python for a joined row,
ten for a query with many branches, where PostgreSQL needs a tenth of one. The queries that every
page and every decision ask are therefore written with the ORM as always and prepared here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import BigIntegerField, F, Lookup, Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

from prepared.statements import Slot, Statement, with_places
from prepared.writes import Insert, Update

__all__ = ["Insert", "Prepared", "Statement", "Update", "any_of", "compile_all", "like"]

Row = TypeVar("Row")

_ALL: WeakSet[Prepared[Any]] = WeakSet()

# Stand-ins for the values while the query is compiled: nothing real is ever one of them.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 9_111_111_111_111_111_000 + number,
    str: lambda number: f"\ue000prepared{number}\ue000",
    datetime: lambda number: datetime(1, 1, 2, tzinfo=UTC) + timedelta(microseconds=number),
    list: lambda number: [9_222_222_222_222_222_000 + number],
}
# Wide enough for whatever number somebody types into an address.
_SQL_TYPES: dict[type, str] = {int: "bigint", list: "bigint[]"}


class _AnyOf(Lookup):
    """``column = ANY(array)``: unlike ``IN`` it is the same SQL for any number of values."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, before = self.process_lhs(compiler, connection)
        array, after = self.process_rhs(compiler, connection)
        return f"{column} = ANY({array})", (*before, *after)


def any_of(column: str, numbers: list[int]) -> _AnyOf:
    """Return the condition that a column of numbers holds one of these; also for a stand-in."""
    return _AnyOf(F(column), Value(numbers, output_field=ArrayField(BigIntegerField())))


class Prepared(Generic[Row]):
    """A query with named values, compiled at its first use.

    ``build`` gets a stand-in for each value by keyword and returns the queryset; it must use the
    values in filters and expressions only, never look at them. It may ask whether one is None:
    there is a compiled query for each combination of values that are None. ``types`` or keywords
    say what each value is: int (keys too), str, datetime, or list (of int, for ``any_of``).

    A value the query does not use is an error, unless ``may_ignore`` names it. ``ahead`` names
    queries to be worked out first (``WITH name AS MATERIALIZED``), built like the query itself or
    written as SQL with ``%(name)s`` places; the query speaks of them through ``RawSQL``.

    Where a lookup adds to a text, as ``contains`` adds its ``%``, the same is added to the value;
    what such a lookup would escape, the caller escapes (``like`` does it for those).

    Querysets of models and of ``values_list`` work; rows come back as the queryset's own would.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Row]],
        types: Mapping[str, type] | None = None,
        /,
        *,
        may_ignore: Collection[str] = (),
        ahead: Mapping[str, Callable[..., QuerySet[Any, Any]] | str] | None = None,
        **more_types: type,
    ) -> None:
        self._build = build
        self._may_ignore = frozenset(may_ignore)
        self._ahead = ahead or {}
        self._types = {**(types or {}), **more_types}
        self._compiled: dict[frozenset[str], _Compiled | None] = {}
        _ALL.add(self)

    def all(self, **values: Any) -> list[Row]:
        """Return the rows for these values, by one statement."""
        absent = frozenset(name for name, value in values.items() if value is None)
        compiled = self._for(absent)
        return [] if compiled is None else list(compiled.run(values))

    def first(self, **values: Any) -> Row | None:
        """Return the first row for these values, or None; the query itself is not limited."""
        return next(iter(self.all(**values)), None)

    def compile(self) -> None:
        """Compile it for values of which none is None; asks the database nothing."""
        self._for(frozenset())

    def _for(self, absent: frozenset[str]) -> _Compiled | None:
        if absent not in self._compiled:
            self._compiled[absent] = self._compile(absent)
        return self._compiled[absent]

    def _compile(self, absent: frozenset[str]) -> _Compiled | None:
        marks = {
            name: None if name in absent else _MARKS[kind](number)
            for number, (name, kind) in enumerate(self._types.items())
        }
        names = {name: mark for name, mark in marks.items() if mark is not None}
        queryset = self._build(**marks)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            first = [(name, *self._part(part, marks)) for name, part in self._ahead.items()]
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        if first:
            named = ", ".join(f"{name} AS MATERIALIZED ({text})" for name, text, _taken in first)
            sql = f"WITH {named} {sql}"
            parameters = (*(one for *_, taken in first for one in taken), *parameters)
        places = [self._place(names, parameter) for parameter in parameters]
        used = {place.name for place in places if isinstance(place, Slot)}
        lost = set(names) - used - self._may_ignore
        if lost:
            raise TypeError(f"the query does not use {', '.join(sorted(lost))}")
        return _Compiled(compiler, queryset, Statement(sql, places))

    def _part(
        self, part: Callable[..., QuerySet[Any, Any]] | str, marks: dict[str, Any]
    ) -> tuple[str, Sequence[Any]]:
        """Return the SQL of a query that goes ahead, and what stands at its places."""
        if isinstance(part, str):
            return with_places(part, marks)
        sql, parameters = part(**marks).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return sql, parameters

    def _place(self, marks: dict[str, Any], parameter: Any) -> Any:
        """Return the slot of a stand-in, or the parameter itself when it is none."""
        for name, mark in marks.items():
            kind = _SQL_TYPES.get(self._types[name], "unknown")
            if type(parameter) is type(mark) and parameter == mark:
                return Slot(name, kind)
            if isinstance(parameter, str) and isinstance(mark, str) and mark in parameter:
                before, _mark, after = parameter.partition(mark)
                return Slot(name, kind, before=before, after=after)
        return parameter


def compile_all() -> None:
    """Compile every query there is, so that processes that part afterwards share the result.

    Connects for a moment, because Django asks which PostgreSQL it writes for. Raises
    ``OperationalError`` when the database is away.
    """
    with transaction.atomic():  # what locks rows compiles in a transaction only
        for query in list(_ALL):
            query.compile()
    connection.close()


def like(text: str) -> str:
    """Return a text as ``LIKE`` takes it literally."""
    return connection.ops.prep_for_like_query(text)


class _Compiled:
    """One compiled query and how its rows become what the queryset would give.

    What Django works out anew for each run of a query, which columns need a conversion and how a
    row falls apart into the objects that were joined, is worked out here once.
    """

    def __init__(self, compiler: Any, queryset: Any, statement: Statement) -> None:
        self._compiler = compiler
        self._statement = statement
        self._locks = queryset.query.select_for_update
        columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)
        self._objects = None
        if issubclass(queryset._iterable_class, ModelIterable):  # noqa: SLF001
            self._objects = _Objects(compiler)

    def run(self, values: dict[str, Any]) -> Iterator[Any]:
        if self._locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked inside a transaction only")
        rows: Iterable[Any] = self._statement.rows(values)
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return map(tuple, rows) if self._objects is None else map(self._objects.of, rows)


class _Objects:
    """Makes the model instance of a row, with those that were joined to it."""

    def __init__(self, compiler: Any) -> None:
        columns = compiler.klass_info["select_fields"]
        self._own = slice(columns[0], columns[-1] + 1)
        self._model: type[Model] = compiler.klass_info["model"]
        self._names = [column.target.attname for column, *_ in compiler.select[self._own]]
        self._related = get_related_populators(  # type: ignore[call-arg] # stubs of Django 6
            compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
        )
        self._annotations = tuple((compiler.annotation_col_map or {}).items())

    def of(self, row: Sequence[Any]) -> Model:
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        for name, place in self._annotations:
            setattr(made, name, row[place])
        return made
