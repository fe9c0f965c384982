"""The written form of an entry is one and the same for what goes in and what comes out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import canonical

VALUES = dict.fromkeys(canonical.COLUMNS, "x") | {"address": "2001:db8::1"}


def _mac(**changes: Any) -> str:
    return canonical.mac_of((VALUES | changes).values())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_cleaned_values_survive_json(value: Any) -> None:
    cleaned = canonical.clean_json(value)
    assert json.loads(json.dumps(cleaned)) == cleaned


@given(st.text())
def test_cleaned_text_can_be_stored(text: str) -> None:
    cleaned = canonical.clean_text(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


@pytest.mark.parametrize("column", canonical.COLUMNS)
def test_code_covers_every_column(column: str) -> None:
    assert _mac(**{column: "192.0.2.1" if column == "address" else "y"}) != _mac()


def test_code_tells_neighbouring_columns_apart() -> None:
    assert _mac(target_type="ab", target_id="c") != _mac(target_type="a", target_id="bc")


def test_code_does_not_depend_on_how_an_address_is_written() -> None:
    assert _mac(address="2001:0DB8:0::0001") == _mac()


def test_code_does_not_depend_on_the_order_of_keys() -> None:
    assert _mac(before={"a": 1, "b": 2}) == _mac(before={"b": 2, "a": 1})


def test_code_depends_on_the_key(settings: Any) -> None:
    before = _mac()
    settings.AUDIT_KEY = "another"
    assert _mac() != before


@pytest.mark.parametrize("part", ["seq", "entry_id", "mac", "prev_hash"])
def test_link_covers_its_place_its_entry_and_the_link_before(part: str) -> None:
    parts: dict[str, Any] = {"seq": 2, "entry_id": 3, "mac": "4", "prev_hash": "5"}
    other = {**parts, part: type(parts[part])(9)}
    assert canonical.link_hash(**parts) != canonical.link_hash(**other)
