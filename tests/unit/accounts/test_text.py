"""Two spellings of one identity are one identity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import text


@given(st.text())
def test_a_key_of_a_key_is_itself(value: str) -> None:
    assert text.key(text.key(value)) == text.key(value)


@given(st.text())
def test_cleaning_twice_changes_nothing(value: str) -> None:
    assert text.clean(text.clean(value)) == text.clean(value)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789._-@", min_size=1))
def test_case_makes_no_difference(value: str) -> None:
    assert text.key(value.upper()) == text.key(value) == value


@given(
    st.text(alphabet="abcxyz", min_size=1),
    st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u0000\u180e\u115f\ufe0f"),
    st.integers(min_value=0),
)
def test_invisible_characters_make_no_difference(value: str, invisible: str, at: int) -> None:
    position = at % (len(value) + 1)

    assert text.key(value[:position] + invisible + value[position:]) == value


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("m\u0131ke", "mike"),
        ("M\u0130KE", "mike"),
        ("mi\u212ae", "mike"),
        ("\uff2d\uff29\uff2b\uff25", "mike"),
        ("\u017ftra\u00dfe", "strasse"),
        ("\ufb01sh", "fish"),
        ("  two   words ", "two words"),
        ("line\nbreak", "line break"),
        ("Jose\u0301", "jos\u00e9"),
    ],
)
def test_known_look_alikes(typed: str, key: str) -> None:
    assert text.key(typed) == key


@given(st.text())
def test_no_control_or_surrogate_survives(value: str) -> None:
    import unicodedata

    assert not [char for char in text.clean(value) if unicodedata.category(char)[0] == "C"]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("\u0663", None),
        ("\u00b2", None),
    ],
)
def test_the_key_of_a_row(value: str, number: int | None) -> None:
    assert text.row_key(value) == number
