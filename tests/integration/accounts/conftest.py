"""What the tests of the accounts room share: filling the registration, reading the mail."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import clock
from accounts.emails import ACTIVATION
from notifications import links
from notifications.models import OutboxMessage

INFORMATION = {
    "first_name": "Rowan",
    "middle_name": "",
    "last_name": "Ashford",
    "suffix": "Jr.",
    "email": "rowan@people.example",
    "confirm_email": "rowan@people.example",
    "date_of_birth": "05/17/1984",
    "address_line_1": "12 Quay Street",
    "address_line_2": "",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "zip_extension": "",
    "phone": "410-555-0142",
}
CREDENTIALS = {
    "user_id": "rowan.ashford",
    "password": "Seven-Lanterns-Over-Quay-9",
    "confirm_password": "Seven-Lanterns-Over-Quay-9",
    "question_1": "disliked_food",
    "answer_1": "Turnips with cream",
    "question_2": "stuffed_animal",
    "answer_2": "Sergeant Buttons",
    "question_3": "first_prize",
    "answer_3": "Swimming across the bay",
}


class Registering:
    """Somebody at the registration pages."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def terms(self) -> Any:
        """Accept in the first step."""
        return self.client.post(reverse("accounts:register_terms"), {"agree": "on"})

    def information(self, **changes: str) -> Any:
        """Send the second step."""
        return self.client.post(
            reverse("accounts:register_information"), {**INFORMATION, **changes}
        )

    def credentials(self, **changes: str) -> Any:
        """Send the third step."""
        return self.client.post(
            reverse("accounts:register_credentials"), {**CREDENTIALS, **changes}
        )

    def whole(self, **changes: str) -> Any:
        """All steps; the last answer, followed."""
        if "email" in changes:
            changes.setdefault("confirm_email", changes["email"])
        self.terms()
        response = self.information(
            **{name: value for name, value in changes.items() if name in INFORMATION}
        )
        assert response.status_code == 302, response.context["form"].errors
        response = self.credentials(
            **{name: value for name, value in changes.items() if name in CREDENTIALS}
        )
        assert response.status_code == 302, response.context["form"].errors
        return self.client.get(response["Location"])


@pytest.fixture
def registering() -> Registering:
    """A new visitor of the registration."""
    return Registering()


@pytest.fixture
def moving() -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def newest_mail(name: str) -> OutboxMessage:
    """The last mail of a kind."""
    return OutboxMessage.objects.filter(name=name).latest("id")


def link_of(mail: OutboxMessage) -> str:
    """The path in the mail's link, as it is after delivery."""
    text = links.resolve(mail.body_text, mail.message_id)
    found = re.search(r"http://[^/\s]+(/register/activate/[^\s]+)", text)
    assert found, text
    return found.group(1)


def link_for(registration_id: int, link_number: int) -> str:
    """The path of a link made by hand."""
    token = links.token(ACTIVATION, [registration_id, link_number])
    return reverse("accounts:activate", kwargs={"token": token})
