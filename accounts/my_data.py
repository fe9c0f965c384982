"""What the portal holds on a person: the rooms register their parts, nobody imports upwards.

A room above calls ``register(Section(...))`` in its ``AppConfig.ready``; the pages and the file of
"Download My Data" show every section in the order of ``place``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import User


@dataclass(frozen=True)
class Section:
    """One part of the data: a name for the file, a title for the page, and how to read it.

    ``columns`` maps names of the file to headings of the page. ``read`` gives a mapping with these
    names for each row; it leaves out secrets. ``tables`` are the models (``room.Model``) it tells
    of: a test finds a table about people that no section tells of. ``is_single`` is for sections
    of at most one row. ``titles`` says for a column of codes what the page calls those that occur;
    the file keeps the codes.
    """

    name: str
    title: Any
    columns: Mapping[str, Any]
    read: Callable[[User], Iterable[Mapping[str, Any]]]
    tables: tuple[str, ...]
    place: int
    is_single: bool = False
    titles: Mapping[str, Callable[[set[Any]], Mapping[Any, Any]]] = field(default_factory=dict)


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Add sections; one of a name that is known takes its place."""
    for section in sections:
        _sections[section.name] = section


def registered() -> list[Section]:
    """All sections, in order."""
    return sorted(_sections.values(), key=lambda section: (section.place, section.name))


def rows_of(found: Iterable[Model], columns: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Read columns out of model rows; a choice is given in its words, a related row as text."""
    names = list(columns)
    for row in found:
        yield {name: _value(row, name) for name in names}


def _value(row: Any, name: str) -> Any:
    words = getattr(row, f"get_{name}_display", None)
    value = words() if words else getattr(row, name)
    return str(value) if isinstance(value, Model) else value


def related_section(
    place: int, name: str, title: Any, related: str, order: str, table: str, /, **columns: Any
) -> Section:
    """The section of a table whose rows belong to the person by the name ``related``."""
    return Section(
        name=name,
        title=title,
        columns=columns,
        read=_related(related, order, columns),
        tables=(table,),
        place=place,
    )


def _related(name: str, order: str, columns: Mapping[str, Any]) -> Any:
    """Read the rows that point at the person by a related name, with whom they name besides."""

    def read(user: User) -> Iterable[Mapping[str, Any]]:
        found: QuerySet[Model] = getattr(user, name).order_by(order)
        fields = {field.name: field for field in found.model._meta.get_fields()}  # noqa: SLF001 - documented API
        joined = [column for column in columns if fields[column].is_relation]
        return rows_of(found.select_related(*joined) if joined else found, columns)

    return read
