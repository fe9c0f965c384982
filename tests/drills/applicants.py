"""Somebody who proves an identity online, page by page."""

import time

from tests.drills.stack import Stack
from tests.live.bureau import QUESTIONS, RIGHT
from tests.live.client import Answer

TYPED = {
    "ssn": "900-55-0101",
    "date_of_birth": "05/17/1984",
    "address_line_1": "12 Quay Street",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "phone": "410-555-0142",
}
ASKED = "/proofing/questions/"


class Applicant:
    """A new person in a browser of their own, signed in; `page` is what they see."""

    page: Answer

    def __init__(self, stack: Stack, person: dict[str, str]) -> None:
        self.user_id = person["user_id"]
        self._names = {name: person[name] for name in ("first_name", "last_name")}
        self._client = stack.client(seconds=30)
        self._client.sign_in(self.user_id, person["password"])

    def agree(self) -> None:
        """Come as far as the form that asks who one is."""
        page = self._client.get("/proofing/terms/")
        self.page = self._client.fill(page, "agree", agree="on")

    def ask(self) -> float:
        """Have the bureau asked; returns how long the answer took, in seconds."""
        page = self._client.get("/proofing/information/")
        begin = time.monotonic()
        self.page = self._client.fill(page, "ssn", **self._names, **TYPED)
        return time.monotonic() - begin

    def asks_again_and_gets_questions(self) -> bool:
        """Try once more, as one who was told to."""
        self.agree()
        self.ask()
        return self.page.path == ASKED

    def answer(self) -> None:
        """Answer every question of the page right."""
        answers = {f"answer_{number}": str(RIGHT) for number in range(1, QUESTIONS + 1)}
        self.page = self._client.fill(self.page, "answer_1", **answers)
