"""Nothing that somebody typed can end a header line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.letters import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("  two\n words ", "two words"),
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("a\x00b\x07c\x7f", "a b c"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("a\ud800b", "a b"),
        ("ünïcødé ✓", "ünïcødé ✓"),
        ("x" * 999, "x" * 255),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.encode().decode()
    assert not any(character < " " for character in line)
