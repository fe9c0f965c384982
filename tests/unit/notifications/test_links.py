"""A marker becomes a token in the mail it was made for, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.utils.html import escape
from django.utils.http import urlencode

from notifications import links

MESSAGE, OTHER = "<one@portal.example>", "<two@portal.example>"


def _bound(value: Any = (7, 2), purpose: Any = "reset") -> str:
    return links.bind(f"see {links.placeholder(purpose, list(value))} now", MESSAGE)


def test_marker_becomes_a_token_at_delivery() -> None:
    text = links.resolve(_bound(), MESSAGE)
    token = text.split()[1]
    assert links.read("reset", token, timedelta(minutes=30)) == [7, 2]


def test_text_with_a_marker_holds_no_token() -> None:
    text = _bound()
    with pytest.raises(links.BadLink):
        links.read("reset", text.split()[1].strip("~"), 60)
    part = text.split()[1].removeprefix("~~link.").removesuffix("~~")
    with pytest.raises(links.BadLink):
        links.read("reset", part, 60)


def test_marker_copied_into_another_mail_stays_a_marker() -> None:
    text = _bound()
    assert links.resolve(text, OTHER) == text
    assert links.resolve(links.bind(text, OTHER), OTHER) == text


def test_marker_that_was_never_bound_is_not_resolved() -> None:
    text = links.placeholder("reset", 1)
    assert links.resolve(text, MESSAGE) == text


def test_made_up_marker_stays_text() -> None:
    for text in ("~~link.W10:abc~~", "~~link.~~", "~~link", "~~link.a:b:c~~"):
        assert links.resolve(links.bind(text, MESSAGE), MESSAGE) == text


def test_several_markers_in_one_text() -> None:
    text = " ".join(links.placeholder("a", number) for number in range(3))
    tokens = links.resolve(links.bind(text, MESSAGE), MESSAGE).split()
    assert [links.read("a", token, 60) for token in tokens] == [0, 1, 2]


def test_marker_survives_templates_and_addresses() -> None:
    marker = links.placeholder("reset", {"pk": 1, "text": "ä<&>'\""})
    assert escape(marker) == marker
    assert urlencode({"t": marker}) == f"t={marker}".replace(":", "%3A")
    html = Template('<a href="{{ origin }}/x/{{ t }}/">{{ t }}</a>').render(
        Context({"t": marker, "origin": "http://x"})
    )
    assert html.count(marker) == 2


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "ÿ", "W10:1:2", "\x00", "é" * 500])
def test_nonsense_is_a_bad_link(token: str) -> None:
    with pytest.raises(links.BadLink):
        links.read("reset", token, 60)


def test_token_is_good_for_its_purpose_only() -> None:
    with pytest.raises(links.BadLink):
        links.read("activate", links.token("reset", 1), 60)


def test_altered_token_is_bad() -> None:
    token = links.token("reset", 1)
    for position in range(len(token)):
        other = "A" if token[position] != "A" else "B"
        with pytest.raises(links.BadLink):
            links.read("reset", token[:position] + other + token[position + 1 :], 60)


def test_token_of_another_key_is_bad(settings: Any) -> None:
    token = links.token("reset", 1)
    settings.SECRET_KEY = "another-secret-key"
    with pytest.raises(links.BadLink):
        links.read("reset", token, 60)


def test_token_ages() -> None:
    with time_machine.travel("2026-01-01T00:00:00+00:00", tick=False) as traveller:
        token = links.token("reset", 1)
        traveller.shift(timedelta(minutes=29))
        assert links.read("reset", token, timedelta(minutes=30)) == 1
        traveller.shift(timedelta(minutes=2))
        with pytest.raises(links.BadLink):
            links.read("reset", token, timedelta(minutes=30))


def test_token_fits_into_an_address() -> None:
    token = links.token("reset", ["ä/?#", 10**12])
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:.")
