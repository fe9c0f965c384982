"""Somebody on the way through the pages of Identity Verification, for the tests of them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import ProofingAttempt, User
from tests import cast
from tests.factories import proofing as make

OVERVIEW = reverse("accounts:proofing")
TERMS = reverse("accounts:proofing_terms")
INFORMATION = reverse("accounts:proofing_information")
QUESTIONS = reverse("accounts:proofing_questions")
RESULT = reverse("accounts:proofing_result")
CASE = reverse("accounts:proofing_case")
IDENTITIES = reverse("accounts:proofing_identities")
REQUEST = "/catalog/zone/request/?role=end-user"
TYPED = {
    "first_name": "Avery",
    "middle_name": "",
    "last_name": "Assister",
    "suffix": "",
    "ssn": "900-55-0101",
    "date_of_birth": "05/17/1984",
    "address_line_1": "12 Quay Street",
    "address_line_2": "",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "zip_extension": "",
    "phone": "410-555-0142",
}


class Walk:
    """Somebody on the way through the pages."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.client: Client = cast.client_of(person)

    def terms(self) -> Any:
        """Agree."""
        return self.client.post(TERMS, {"agree": "on"})

    def information(self, **changes: str) -> Any:
        """Type everything."""
        return self.client.post(INFORMATION, {**TYPED, **changes})

    def to_questions(self, **changes: str) -> Any:
        """Come as far as the questions."""
        self.terms()
        answer = self.information(**changes)
        assert answer.status_code == 302, answer.context["form"].errors
        return answer

    def answers(self, *, wrong: int = 0) -> dict[str, Any]:
        """What the form sends when that many answers are wrong."""
        attempt = ProofingAttempt.objects.filter(user=self.person).latest("created_at")
        chosen = make.choices(attempt, wrong=wrong)
        return {
            "attempt": attempt.pk,
            "set_number": attempt.set_number,
            **{f"answer_{number}": choice for number, choice in enumerate(chosen, start=1)},
        }

    def answer(self, *, wrong: int = 0) -> Any:
        """Send the answers."""
        return self.client.post(QUESTIONS, self.answers(wrong=wrong))


def words(response: Any) -> str:
    """A page on one line."""
    return " ".join(response.content.decode().split())
