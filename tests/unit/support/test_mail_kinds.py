"""The page about the portal's mails falls behind no kind of the code."""

from collections import Counter
from pathlib import Path

from support import mail_kinds

EMAILS = Path(__file__).parents[3] / "templates" / "emails"

# For mails that were queued with their words, before the outbox kept facts; nothing sends it anew.
SENT_BY_NOTHING = {"as_written"}


def _kinds_of_the_code() -> set[str]:
    return {found.parent.name for found in EMAILS.glob("*/subject.txt")} - SENT_BY_NOTHING


def _listed() -> list[str]:
    return [
        kind for section in mail_kinds.SECTIONS for line in section.lines for kind in line.kinds
    ]


def test_every_kind_of_mail_is_listed_once() -> None:
    assert set(_listed()) == _kinds_of_the_code()
    assert [kind for kind, times in Counter(_listed()).items() if times > 1] == []


def test_no_line_is_empty() -> None:
    for section in mail_kinds.SECTIONS:
        assert section.lines
        assert all(line.kinds and str(line.text).endswith(".") for line in section.lines)
