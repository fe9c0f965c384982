"""Steps on the pages of a sign-in with a second factor, shared by their tests."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import accounts

PASSWORD_PAGE = "accounts:password"
ACCEPTED = "was accepted"
REFUSED = "We could not accept this security code."


def begin(client: Client, user_id: str) -> Any:
    """Accept the terms, type the User ID, open the second step."""
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user_id})
    return client.get(reverse(PASSWORD_PAGE))


def post(client: Client, **fields: str) -> Any:
    """Send the second step."""
    return client.post(reverse(PASSWORD_PAGE), fields)


def is_signed_in(client: Client) -> bool:
    """Whether a page for people who are signed in asks for no sign-in."""
    answer = client.get(reverse("accounts:profile"))
    return not answer.headers.get("Location", "").startswith(reverse("accounts:login"))


def halfway(client: Client, user: User) -> None:
    """Give the password alone."""
    begin(client, user.user_id)
    response = post(client, password=accounts.PASSWORD)
    assert response["Location"] == reverse(PASSWORD_PAGE)
