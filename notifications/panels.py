"""Lets rooms above put a table beside the messages of the embedded default, say of codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A table that is worked out anew whenever somebody looks."""

    heading: str | Promise
    lead: str | Promise
    columns: Sequence[str | Promise]
    rows: Callable[[], list[list[str]]]


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show a panel; for installations that simulate, never for production."""
    _panels.append(panel)


def shown(of: str = "") -> list[dict[str, object]]:
    """Return the panels that have rows now, ready for a template.

    With ``of``, only the rows that begin with that text.
    """
    found: list[dict[str, object]] = [
        {
            "heading": panel.heading,
            "lead": panel.lead,
            "columns": panel.columns,
            "rows": [
                list(zip(panel.columns, row, strict=True))
                for row in panel.rows()
                if not of or row[0] == of
            ],
        }
        for panel in _panels
    ]
    return [panel for panel in found if panel["rows"]]
