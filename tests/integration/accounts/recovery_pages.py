"""Somebody at the pages of Forgot Password, for the tests of them."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import PasswordReset, User
from accounts.services import challenge
from notifications import links
from notifications.models import OutboxMessage
from tests.factories.challenge import ANSWERS

NEW = "Nine-Gulls-Above-Pier-7"


class Recovering:
    """A browser on its way to a new password."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def ask(self, user_id: str, answers: dict[str, str] | None = None) -> Any:
        """User ID and answers; the last answer, followed."""
        self.client.post(reverse("accounts:forgot_password"), {"user_id": user_id})
        questions = challenge.questions_for(user_id)
        data = fields(questions, answers or ANSWERS)
        return self.client.post(reverse("accounts:forgot_password_questions"), data, follow=True)

    def open(self, path: str) -> Any:
        """Follow a link."""
        return self.client.get(path, follow=True)

    def prove(self, **data: str) -> Any:
        """Send the second proof."""
        return self.client.post(reverse("accounts:forgot_password_proof"), data, follow=True)

    def answer(self, user: User, answers: dict[str, str] | None = None) -> Any:
        """Send the answers as second proof."""
        questions = challenge.questions_for(user.user_id)
        return self.prove(**fields(questions, answers or ANSWERS))

    def set(self, password: str = NEW, again: str = "") -> Any:
        """Send the new password."""
        data = {"password": password, "confirm_password": again or password}
        return self.client.post(reverse("accounts:reset_password"), data, follow=True)


def fields(questions: list[challenge.Question], answers: dict[str, str]) -> dict[str, str]:
    """The answers as the form wants them."""
    return {
        f"answer_{number}": answers.get(question.code, "wrong")
        for number, question in enumerate(questions, start=1)
    }


def link() -> str:
    """The path in the newest mail with a link, as it is after delivery."""
    mail = OutboxMessage.objects.filter(name="account_reset_link").latest("id")
    text = links.resolve(mail.body_text, mail.message_id)
    found = re.search(r"http://[^/\s]+(/forgot-password/link/[^\s]+)", text)
    assert found, text
    return found.group(1)


def newest() -> PasswordReset:
    """The last recovery."""
    return PasswordReset.objects.latest("pk")


def visible(response: Any) -> str:
    """A page without what differs from one to the next by nature."""
    page = re.sub(r'nonce="[^"]+"', "", response.content.decode())
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
