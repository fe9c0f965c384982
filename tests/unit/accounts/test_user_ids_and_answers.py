"""The rules for User IDs, and how challenge answers are compared."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts import answers, text, user_ids
from accounts.data.questions import QUESTIONS
from accounts.data.states import STATES


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("rowan.ashford", "rowan.ashford"),
        (" Rowan.Ashford ", "Rowan.Ashford"),
        ("row\u200ban.ashford", "rowan.ashford"),
        ("ro\uff57an.ashford", "rowan.ashford"),
        ("abcdef", "abcdef"),
        ("a" * 74, "a" * 74),
        ("12345678a", "12345678a"),
        ("rowan@people.example", "rowan@people.example"),
    ],
)
def test_good_user_ids(typed: str, shown: str) -> None:
    assert user_ids.clean(typed) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("abcd", "length"),
        ("abcde", "length"),
        ("a" * 75, "length"),
        ("12345678", "letter"),
        ("a123456789", "digits"),
        ("123-45-6789a", "digits"),
        ("rowan ashford", "characters"),
        ("r\u043ewan.ashford", "characters"),
        ("<script>", "characters"),
        (".rowan.ashford", "characters"),
    ],
)
def test_bad_user_ids(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as error:
        user_ids.clean(typed)

    assert error.value.code == code


@given(st.text(max_size=100))
def test_a_good_user_id_stays_good_and_has_a_plain_key(typed: str) -> None:
    try:
        shown = user_ids.clean(typed)
    except ValidationError:
        return
    assert user_ids.clean(shown) == shown
    assert text.key(shown) == shown.lower()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Sergeant Buttons", "sergeant buttons"),
        ("São Paulo", "sao paulo"),
        ("O'Hara's", "oharas"),
        ("  St.  Louis ", "st louis"),
        ("St Louis", "stlouis"),
    ],
)
def test_answers_are_compared_forgivingly(first: str, second: str) -> None:
    assert answers.matches(second, answers.make_hash(first))


def test_another_answer_does_not_match() -> None:
    assert not answers.matches("Sergeant Button", answers.make_hash("Sergeant Buttons"))


def test_an_answer_needs_the_pepper(settings: pytest.FixtureRequest) -> None:
    hashed = answers.make_hash("Sergeant Buttons")
    settings.ANSWER_PEPPER = "another pepper"  # type: ignore[attr-defined]

    assert not answers.matches("Sergeant Buttons", hashed)


@given(st.text())
def test_normalising_twice_changes_nothing(answer: str) -> None:
    once = answers.normalise(answer)

    assert answers.normalise(once) == once


def test_there_are_questions_and_places_enough() -> None:
    assert (
        len(QUESTIONS) == len(dict(QUESTIONS)) == len({str(words) for _, words in QUESTIONS}) == 18
    )
    assert len(STATES) == len(dict(STATES)) == 59
    assert {len(code) for code, _ in STATES} == {2}
