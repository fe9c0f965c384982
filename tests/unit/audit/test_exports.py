"""No cell of an export is a formula, whatever program opens it with whatever separator."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import exports

FULL_WIDTH = ["\uff1d", "\uff0b", "\uff0d", "\uff20"]
LEADERS = ["=", "+", "-", "@", "\t", "\r", *FULL_WIDTH]


def _table(response: Any) -> list[list[str]]:
    text = response.getvalue().decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("leader", LEADERS)
@pytest.mark.parametrize(
    "before", ["", " ", ";", '"', "a;", 'a"', "a\n", "a\r\n", "a,", "a\t", "; "]
)
def test_formula_becomes_text(before: str, leader: str) -> None:
    cell = exports.neutral(f"{before}{leader}cmd|'/c calc'!A0")
    parts = re.split(r"[;,\"\t\r\n]", cell.strip("\t"))
    assert not any(part.lstrip().startswith(("=", "+", "-", "@", *FULL_WIDTH)) for part in parts)
    assert cell[:1] not in {"\t", "\r"}


@pytest.mark.parametrize(
    "text", ["", "Ann O'Neil", "a-b", "1+1", "x@example.org", "2026-11-22", "a = b"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert exports.neutral(text) == text


@given(st.text())
def test_no_cell_starts_like_a_formula(text: str) -> None:
    assert not exports.neutral(text).startswith(tuple(LEADERS))


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=5))
def test_table_reads_back_with_the_same_shape(rows: Any) -> None:
    response = exports.csv_response("x.csv", ["a", "b", "c"], rows)
    table = _table(response)
    assert [len(row) for row in table] == [3] * (len(rows) + 1)


def test_cells_of_other_types() -> None:
    at = dt.datetime(2026, 11, 22, 1, 2, 3, 456, tzinfo=dt.UTC)
    (_, row) = _table(exports.csv_response("x.csv", ["h"], [[None, 5, at, -5]]))
    assert row == ["", "5", "2026-11-22T01:02:03+00:00", "'-5"]


def test_nul_and_lone_surrogates_are_cleaned() -> None:
    (_, row) = _table(exports.csv_response("x.csv", ["h"], [["a\x00b\ud800"]]))
    assert row == ["ab?"]


def test_every_cell_is_quoted() -> None:
    text = exports.csv_response("x.csv", ["h"], [["plain"]]).getvalue()
    assert text == b'"h"\r\n"plain"\r\n'


def test_long_list_ends_with_a_line_that_says_so() -> None:
    def endless() -> Iterator[list[str]]:
        while True:
            yield ["row"]

    table = _table(exports.csv_response("x.csv", ["h"], endless(), limit=3))
    assert table[1:4] == [["row"]] * 3
    assert table[4:] == [["The list goes on. This file ends after 3 rows; narrow the filter."]]


def test_list_of_just_the_limit_has_no_such_line() -> None:
    assert len(_table(exports.csv_response("x.csv", ["h"], [["1"], ["2"]], limit=2))) == 3


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("audit log.csv", "audit-log.csv"),
        ('a"; filename="b.exe', "a-filename-b.exe"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\r\nSet-Cookie: x", "a-Set-Cookie-x"),
        ("…", "export.csv"),
    ],
)
def test_file_name_is_harmless(name: str, safe: str) -> None:
    response = exports.csv_response(name, ["h"], [])
    assert response["Content-Disposition"] == f'attachment; filename="{safe}"'


def test_export_is_not_kept_by_caches() -> None:
    response = exports.csv_response("x.csv", ["h"], [])
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
