"""Reads what a bureau sent, and takes nothing for a yes that is not exactly one."""

from typing import Any

from accounts.models import ProofingAttempt
from accounts.proofing.provider import Found, Judged, Question, Trouble

LONGEST_REFERENCE = 200
LONGEST_TEXT = 300
FEWEST_CHOICES, MOST_CHOICES = 2, 10


def started(reply: Any) -> tuple[Found, str]:
    """What the bureau found, and its reference. Raises ``Trouble`` GARBAGE."""
    return Found(_one_of(Found, _get(reply, "result"))), _reference(_get(reply, "reference"))


def questions(reply: Any, *, reference: str, count: int) -> list[Question]:
    """The questions of a set, exactly ``count``. Raises ``Trouble`` GARBAGE."""
    _same(reply, reference)
    listed = _get(reply, "questions")
    if not isinstance(listed, list) or len(listed) != count:
        raise _garbage()
    return [_question(one) for one in listed]


def judged(reply: Any, *, reference: str) -> Judged:
    """The bureau's judgement of the answers. Raises ``Trouble`` GARBAGE."""
    _same(reply, reference)
    return Judged(_one_of(Judged, _get(reply, "result")))


def _question(one: Any) -> Question:
    choices = _get(one, "choices")
    if not isinstance(choices, list) or not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        raise _garbage()
    words = tuple(_text(choice) for choice in choices)
    if len(set(words)) < len(words):
        raise _garbage()
    return Question(text=_text(_get(one, "text")), choices=words)


def _get(reply: Any, name: str) -> Any:
    if not isinstance(reply, dict) or name not in reply:
        raise _garbage()
    return reply[name]


def _one_of(kind: type[Found] | type[Judged], value: Any) -> str:
    if not isinstance(value, str) or value not in set(kind):
        raise _garbage()
    return value


def _same(reply: Any, reference: str) -> None:
    """A reply that speaks of somebody else's inquiry is worth nothing."""
    if _reference(_get(reply, "reference")) != reference:
        raise _garbage()


def _reference(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_REFERENCE:
        raise _garbage()
    if not (value.isascii() and value.isprintable()):
        raise _garbage()
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise _garbage()
    return value


def _garbage() -> Trouble:
    return Trouble(ProofingAttempt.Cause.GARBAGE)
