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

PARAMETER = "cursor"
PAGE_SIZE = 25

_FORWARD, _BACK = "n", "p"


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """One page: its rows and where the neighbours are.

    ``next_href`` and ``previous_href`` are query strings that keep all other parameters, and ""
    where there is no such page; ``components/keyset.html`` takes them as they are.
    """

    items: list[M]
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
        column = self._column(queryset.model)
        direction, key = self._read(parameters.get(PARAMETER, ""), column)
        back = direction == _BACK
        descending = self.descending != back
        if key is not None:
            queryset = queryset.filter(self._beyond(column.name, key, descending=descending))
        sign = "-" if descending else ""
        names = dict.fromkeys((f"{sign}{column.name}", f"{sign}pk"))
        if column.primary_key:
            names = {f"{sign}pk": None}
        if joined is not None:
            ours = queryset.order_by(*names).values("pk")[: self.size + 1]
            queryset = joined(queryset.model._default_manager.filter(pk__in=ours))  # noqa: SLF001
        rows = list(queryset.order_by(*names)[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if back:
            rows.reverse()
        has_next = bool(rows) and (more or back)
        has_previous = bool(rows) and (more if back else key is not None)
        return KeysetPage(
            items=rows,
            next_href=self._href(parameters, column, _FORWARD, rows[-1]) if has_next else "",
            previous_href=self._href(parameters, column, _BACK, rows[0]) if has_previous else "",
        )

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
        self, parameters: QueryDict, column: Field[Any, Any], direction: str, row: Model
    ) -> str:
        value = None if column.primary_key else getattr(row, column.attname)
        if isinstance(value, date):
            value = value.isoformat()
        elif value is not None and not isinstance(value, int):
            value = str(value)
        pk = row.pk if isinstance(row.pk, int) else str(row.pk)
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
