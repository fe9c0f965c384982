"""Pages through long tables by key: every page costs the same, however far down it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import QueryDict

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

PARAMETER = "cursor"
PAGE_SIZE = 25

_FORWARD, _BACK = "n", "p"


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the row with this key, or before it."""

    is_back: bool = False
    key: tuple[Any, Any] | None = None


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """One page: its rows and where the neighbours are.

    ``next_href`` and ``previous_href`` are query strings that keep all other parameters, and ""
    where there is no such page; ``components/keyset.html`` takes them as they are.
    """

    items: list[Row]
    next_href: str
    previous_href: str

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Keyset:
    """The order of a table, ``(field, primary key)``, and pages of it.

    ``field`` is a column of the model itself that is never NULL and has an index together with
    the primary key. Both keys run in the same direction.
    """

    def __init__(
        self, field: str = "pk", *, descending: bool = True, size: int = PAGE_SIZE
    ) -> None:
        self.field = field
        self.descending = descending
        self.size = size

    def page(
        self,
        queryset: QuerySet[M],
        parameters: QueryDict,
        *,
        joined: Callable[[QuerySet[M]], QuerySet[M]] | None = None,
    ) -> KeysetPage[M]:
        """Return the page that ``parameters["cursor"]`` names, by one query.

        A missing cursor, one that was tampered with and one of another table all mean the first
        page. ``joined`` adds what the page shows besides; it is applied to the rows of the page
        alone, so that the database never joins the rest of the table.
        """
        place = self.place(queryset.model, parameters)
        if joined is not None:
            ours = self.narrow(queryset, place).values("pk")
            queryset = joined(queryset.model._default_manager.filter(pk__in=ours))  # noqa: SLF001
            rows = list(queryset.order_by(*self._names(queryset.model, place.is_back)))
        else:
            rows = list(self.narrow(queryset, place))
        column = self._column(queryset.model)
        return self.page_of(
            rows,
            place,
            queryset.model,
            parameters,
            key=lambda row: (None if column.primary_key else getattr(row, column.attname), row.pk),
        )

    def place(self, model: type[Model], parameters: QueryDict) -> Place:
        """Return the place that ``parameters["cursor"]`` names in the table of a model."""
        direction, key = self._read(parameters.get(PARAMETER, ""), self._column(model))
        return Place(direction == _BACK, key)

    def narrow(self, queryset: QuerySet[M, Row], place: Place) -> QuerySet[M, Row]:
        """Return the rows of the page at a place, in its order and with one more than fit."""
        column = self._column(queryset.model)
        if place.key is not None:
            beyond = self._beyond(
                column.name, place.key, descending=self.descending != place.is_back
            )
            queryset = queryset.filter(beyond)
        return queryset.order_by(*self._names(queryset.model, place.is_back))[: self.size + 1]

    def page_of(
        self,
        rows: list[Row],
        place: Place,
        model: type[Model],
        parameters: QueryDict,
        *,
        key: Callable[[Row], tuple[Any, Any]],
    ) -> KeysetPage[Row]:
        """Make a page of the rows that ``narrow`` gives; ``key`` reads their two sort keys."""
        column = self._column(model)
        more = len(rows) > self.size
        rows = rows[: self.size]
        if place.is_back:
            rows.reverse()
        has_next = bool(rows) and (more or place.is_back)
        has_previous = bool(rows) and (more if place.is_back else place.key is not None)
        return KeysetPage(
            items=rows,
            next_href=self._href(parameters, column, _FORWARD, key(rows[-1])) if has_next else "",
            previous_href=self._href(parameters, column, _BACK, key(rows[0]))
            if has_previous
            else "",
        )

    def _names(self, model: type[Model], is_back: bool) -> list[str]:
        column = self._column(model)
        sign = "-" if self.descending != is_back else ""
        if column.primary_key:
            return [f"{sign}pk"]
        return [f"{sign}{column.name}", f"{sign}pk"]

    def _column(self, model: type[Model]) -> Field[Any, Any]:
        options = model._meta  # noqa: SLF001 - public by documentation
        if self.field == "pk":
            return options.pk
        return cast("Field[Any, Any]", options.get_field(self.field))

    def _beyond(self, name: str, key: tuple[Any, Any], *, descending: bool) -> Q:
        value, pk = key
        sign = "lt" if descending else "gt"
        if value is None:
            return Q(**{f"pk__{sign}": pk})
        return Q(**{f"{name}__{sign}e": value}) & (
            Q(**{f"{name}__{sign}": value}) | Q(**{name: value, f"pk__{sign}": pk})
        )

    def _salt(self, column: Field[Any, Any]) -> str:
        table = column.model._meta.label_lower  # noqa: SLF001 - public by documentation
        return f"keyset:{table}:{column.name}:{self.descending:d}"

    def _href(
        self,
        parameters: QueryDict,
        column: Field[Any, Any],
        direction: str,
        key: tuple[Any, Any],
    ) -> str:
        value, pk = key
        if isinstance(value, date):
            value = value.isoformat()
        elif value is not None and not isinstance(value, int):
            value = str(value)
        pk = pk if isinstance(pk, int) else str(pk)
        query = parameters.copy()
        query[PARAMETER] = signing.Signer(salt=self._salt(column)).sign_object(
            [direction, value, pk]
        )
        return f"?{query.urlencode()}"

    def _read(self, cursor: str, column: Field[Any, Any]) -> tuple[str, tuple[Any, Any] | None]:
        try:
            direction, value, pk = signing.Signer(salt=self._salt(column)).unsign_object(cursor)
            if value is not None:
                value = column.to_python(value)
        except (signing.BadSignature, ValueError, TypeError, ValidationError):
            return _FORWARD, None
        return direction, (value, pk)
