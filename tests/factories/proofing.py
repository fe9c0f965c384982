"""Builds applicants, inquiries and cases for the tests of proofing."""

from datetime import date
from typing import Any

import clock
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.proofing import calls, files, simulated
from accounts.proofing.provider import Applicant
from accounts.services import proofing

PASSES = "900550101"
FAILS_QUESTIONS = "900550200"
NOT_FOUND = "900550300"
THIN_FILE = "900550400"
TIMEOUT = "900550500"
GARBAGE = "900550600"
DOWN = "900550700"


def applicant(ssn: str = PASSES, **fields: Any) -> Applicant:
    """Somebody the bureau is asked about."""
    return Applicant(
        **{
            "first_name": "Avery",
            "middle_name": "",
            "last_name": "Assister",
            "suffix": "",
            "ssn": ssn,
            "date_of_birth": date(1984, 5, 17),
            "address_line_1": "12 Quay Street",
            "address_line_2": "",
            "city": "Baltimore",
            "state": "MD",
            "zip_code": "21244",
            "phone": "+14105550142",
            **fields,
        }
    )


def begin(user: User, ssn: str = PASSES) -> ProofingAttempt:
    """An inquiry through the service."""
    return proofing.begin(user=user, applicant=applicant(ssn), terms_accepted_at=clock.now())


def answer(
    user: User, attempt: ProofingAttempt, *, wrong: int = 0, set_number: int | None = None
) -> ProofingAttempt:
    """Answers through the service: the first ``wrong`` wrong, the others right."""
    return proofing.answer(
        user=user,
        attempt_id=attempt.pk,
        set_number=attempt.set_number if set_number is None else set_number,
        choices=choices(attempt, wrong=wrong),
    )


def choices(attempt: ProofingAttempt, *, wrong: int = 0, ssn: str = PASSES) -> list[int]:
    """The positions to choose, found as a person does: by the list of the test identity."""
    file = next(file for file in files.FILES if file.ssn == ssn)
    by_question = {str(topic.question): name for name, topic in files.TOPICS.items()}
    chosen = []
    for number, question in enumerate(calls.questions(attempt.reference, attempt.set_number)):
        right = question.choices.index(simulated.right_choice(file, by_question[question.text]))
        chosen.append((right + 1) % len(question.choices) if number < wrong else right)
    return chosen


def case(user: User, **fields: Any) -> ProofingCase:
    """A case as it is after it was opened."""
    values = {
        "reference": "4K7M-9RXA-HWE3",
        "cause": ProofingCase.Cause.FAILED,
        "opened_at": clock.now(),
        **fields,
    }
    return ProofingCase.objects.create(user=user, **values)
