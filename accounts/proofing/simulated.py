"""A bureau that is none: answers from made-up credit files, for training and tests.

It keeps no state. The reference is a random number with a keyed mark, which tells the bureau (and
nobody else) which file is meant; which questions are asked, in which order, and which choice is
right follow from it. No Social Security number can be read or worked out from a reference.
"""

import base64
import hmac
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.conf import settings

from accounts.proofing.files import FILES, NONE_OF_THE_ABOVE, TOPICS, Behaviour, CreditFile
from accounts.proofing.provider import Applicant, Found, Judged

_NONCE, _MARK = 15, 10
_OFFERED = 4


class SimulatedBureau:
    """Treats each test number as ``files`` says, and finds nobody behind any other number."""

    name: ClassVar[str] = "simulated"
    is_simulated: ClassVar[bool] = True

    def start(self, applicant: Applicant) -> dict[str, Any]:
        """Look a test number up; name, address and date of birth may be any."""
        file = next((file for file in FILES if file.ssn == applicant.ssn), None)
        match file.behaviour if file else Behaviour.NOT_FOUND:
            case Behaviour.TIMEOUT:
                _stay_silent()
            case Behaviour.DOWN:
                raise ConnectionRefusedError
            case Behaviour.GARBAGE:
                return {"result": "PASS?", "reference": None, "score": "<html>Bad Gateway</html>"}
            case Behaviour.NOT_FOUND:
                return {"result": Found.NOT_FOUND, "reference": _reference(None)}
            case Behaviour.THIN_FILE:
                return {"result": Found.THIN_FILE, "reference": _reference(file)}
        return {"result": Found.QUESTIONS, "reference": _reference(file)}

    def questions(self, reference: str, set_number: int) -> dict[str, Any]:
        """The questions of a set; the second set asks about other things than the first."""
        asked = _asked(_file_of(reference), reference, set_number)
        return {
            "reference": reference,
            "questions": [
                {"text": str(TOPICS[topic].question), "choices": choices}
                for topic, choices, _right in asked
            ],
        }

    def answer(self, reference: str, set_number: int, choices: Sequence[int]) -> dict[str, Any]:
        """Judge the chosen indexes; the test identity that fails always does."""
        file = _file_of(reference)
        asked = _asked(file, reference, set_number)
        right = sum(choice == right for choice, (_t, _c, right) in zip(choices, asked, strict=True))
        passed = right >= settings.PROOFING_RIGHT_ANSWERS and file.behaviour is Behaviour.PASSES
        return {"reference": reference, "result": Judged.PASSED if passed else Judged.FAILED}


def right_choice(file: CreditFile, topic: str) -> str:
    """What is right for a file: its fact, or that none of the offered ones is."""
    return file.facts.get(topic) or str(NONE_OF_THE_ABOVE)


def _stay_silent() -> None:
    """Say nothing for longer than anybody waits."""
    threading.Event().wait(settings.PROOFING_TIMEOUT.total_seconds() + 1)
    raise TimeoutError


def _asked(file: CreditFile, reference: str, set_number: int) -> list[tuple[str, list[str], int]]:
    """Topic, choices and index of the right choice of each question of a set."""
    by_chance = _order("topics", reference)
    first = settings.PROOFING_QUESTIONS * (set_number - 1)
    topics = sorted(TOPICS, key=by_chance)[first : first + settings.PROOFING_QUESTIONS]
    return [(topic, *_choices(file, topic, reference)) for topic in topics]


def _choices(file: CreditFile, topic: str, reference: str) -> tuple[list[str], int]:
    # Chosen and placed by two different chances, or the place would give the fact away.
    selection, place = _order("selection", reference), _order("place", reference)
    fact = file.facts.get(topic)
    others = sorted((option for option in TOPICS[topic].options if option != fact), key=selection)
    offered = [*others[: _OFFERED - 1], fact] if fact else others[:_OFFERED]
    choices = [*sorted(offered, key=place), str(NONE_OF_THE_ABOVE)]
    return choices, choices.index(right_choice(file, topic))


def _order(what: str, reference: str) -> Callable[[str], bytes]:
    """A sorting that looks like chance and is the same for the same inquiry."""
    return lambda text: _digest(what, reference, text)


def _reference(file: CreditFile | None) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.b32encode(nonce + _mark(nonce, file.ssn if file else "")).decode()


def _file_of(reference: str) -> CreditFile:
    """The file that a reference means; raises ``LookupError`` for a reference of nobody."""
    raw = base64.b32decode(reference)
    nonce, mark = raw[:_NONCE], raw[_NONCE:]
    for file in FILES:
        if hmac.compare_digest(mark, _mark(nonce, file.ssn)):
            return file
    raise LookupError


def _mark(nonce: bytes, ssn: str) -> bytes:
    return _digest("mark", nonce.hex(), ssn)[:_MARK]


def _digest(*parts: str) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"proofing.simulated", "sha256")
    return hmac.digest(key, "\0".join(parts).encode(), "sha256")
