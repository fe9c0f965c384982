"""Writes tables as CSV files in which no cell can be taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from audit.canonical import clean_text

ROW_LIMIT = 100_000
"""Rows of one file; a longer list ends with a line that says so."""

# A spreadsheet reads a formula at the start of a cell. Somebody may open the file with another
# separator, so what could start a cell then (after ; , " tab or a line break) counts as well.
# The last four are the full-width forms of = + - @, which some programs take for the plain ones.
_STARTERS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"""((?:^|[;,"\t\r\n])\s*)(?=[{_STARTERS}])|^(?=[\t\r\n])""")


class _Echo:
    """A file that hands back what it is given, for ``csv.writer``."""

    def write(self, value: str) -> str:
        return value


def neutral(value: Any) -> str:
    """Return the text of a cell that every spreadsheet shows as it stands."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.isoformat(timespec="seconds")
    return _FORMULA.sub(lambda found: f"{found.group(1) or ''}'", clean_text(value))


def csv_lines(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], *, limit: int = ROW_LIMIT
) -> Iterator[str]:
    """Yield the lines of a CSV file: every cell quoted and neutral, at most ``limit`` rows."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield writer.writerow([neutral(cell) for cell in header])
    source = iter(rows)
    for row in islice(source, limit):
        yield writer.writerow([neutral(cell) for cell in row])
    if next(source, None) is not None:
        text = _("The list goes on. This file ends after %(count)s rows; narrow the filter.")
        yield writer.writerow([text % {"count": limit}])


def csv_response(
    filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], *, limit: int = ROW_LIMIT
) -> StreamingHttpResponse:
    """Answer with a CSV file, written row by row.

    ``rows`` is read while the answer is sent; give it a queryset's ``iterator()``. The caller
    records the export.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", filename).strip(".-") or "export.csv"
    return StreamingHttpResponse(
        csv_lines(header, rows, limit=limit),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
