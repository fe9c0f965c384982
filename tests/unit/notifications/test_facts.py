"""What waits in the outbox are plain facts, and every mail can be written from them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils.functional import lazystr

from notifications import facts, letters, links

TEMPLATES = Path(__file__).resolve().parents[3] / "templates/emails"
MAILS = sorted(folder.name for folder in TEMPLATES.iterdir() if (folder / "subject.txt").exists())


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        "words",
        date(2028, 2, 29),
        datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=UTC),
        {"rows": [{"day": date(2026, 1, 1), "name": "x"}], "count": 1},
    ],
)
def test_a_fact_comes_back_as_it_was(value: Any) -> None:
    assert facts.thaw(facts.freeze(value, "<m>")) == value


def test_words_in_waiting_are_taken_now() -> None:
    assert facts.freeze({"kind": lazystr("App")}, "<m>") == {"kind": "App"}


def test_what_the_database_cannot_hold_is_left_out() -> None:
    assert facts.freeze("A\x00n\ud800n", "<m>") == "Ann"


@pytest.mark.parametrize("value", [Group(name="g"), object(), {1, 2}, [Group()]])
def test_an_object_is_no_fact(value: Any) -> None:
    with pytest.raises(TypeError, match="a mail takes facts"):
        facts.freeze(value, "<m>")


def test_a_link_is_tied_to_the_mail_wherever_it_stands() -> None:
    marker = links.placeholder("reset", 5)
    kept = facts.freeze({"links": [marker]}, "<m>")["links"][0]
    assert kept != marker
    assert links.read("reset", links.resolve(kept, "<m>"), 60) == 5
    assert links.resolve(kept, "<another>") == kept


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_has_its_three_parts(name: str) -> None:
    context = {"subject": "S", "text": "T", "html": "H", "token": "t:o", "not_me": "t:o"}
    written = letters.write(
        name,
        {
            **context,
            "unlock": "t:o",
            "count": 1,
            "more": 2,
            "tries_left": 1,
            "slug": "zone",
            "tracking_number": "123456789",
        },
        "en-us",
    )
    assert written.subject
    assert written.text.strip()
    assert written.html.strip()


def test_there_are_mails() -> None:
    assert len(MAILS) > 40
