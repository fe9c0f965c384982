"""What the portal needs from a bureau, and what the two say to each other.

An adapter for a real bureau is one class with the methods of ``Provider``, named by the setting
``PROOFING_PROVIDER``. It hands replies on as it got them: ``accounts.proofing.calls`` keeps the
time, judges their form and turns everything unexpected into ``Trouble``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Protocol

Reply = Mapping[str, Any]


class Trouble(Exception):  # noqa: N818 - it is the bureau's state, not an error of ours
    """The bureau gave no usable answer; ``cause`` is a value of ``ProofingAttempt.Cause``.

    Carries nothing of what was sent or received.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Applicant:
    """What a bureau is told about a person: used for one call and kept nowhere.

    Nothing of it shows when the object is printed, so that no log can hold it by mistake.
    """

    first_name: str = field(repr=False)
    middle_name: str = field(repr=False)
    last_name: str = field(repr=False)
    suffix: str = field(repr=False)
    ssn: str = field(repr=False)
    date_of_birth: date = field(repr=False)
    address_line_1: str = field(repr=False)
    address_line_2: str = field(repr=False)
    city: str = field(repr=False)
    state: str = field(repr=False)
    zip_code: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Question:
    """One question with its choices, in the order in which they are shown."""

    text: str
    choices: tuple[str, ...]


class Found(StrEnum):
    """What a bureau can say to an inquiry."""

    QUESTIONS = "questions"
    NOT_FOUND = "not_found"
    THIN_FILE = "thin_file"


class Judged(StrEnum):
    """What a bureau can say to answers."""

    PASSED = "passed"
    FAILED = "failed"


class Provider(Protocol):
    """A bureau. It keeps its own state under the reference that it gives to an inquiry.

    Every method may take its time, raise anything and return anything; ``calls`` copes.
    """

    name: ClassVar[str]
    # Whether it takes made-up Social Security numbers only, or real ones only.
    is_simulated: ClassVar[bool]

    def start(self, applicant: Applicant) -> Reply:
        """Look a person up: ``{"result": a value of Found, "reference": opaque text}``."""

    def questions(self, reference: str, set_number: int) -> Reply:
        """Questions: ``{"reference": …, "questions": [{"text": …, "choices": […]}, …]}``.

        The same set again for the same number; number 2 is another set for a second try.
        """

    def answer(self, reference: str, set_number: int, choices: Sequence[int]) -> Reply:
        """Judge the chosen indexes: ``{"reference": …, "result": a value of Judged}``."""
