"""What the tests of the profile pages share: somebody with answers, and the questions answered."""

import re
from typing import Any

from django.test import Client

from accounts.emails_profile import EMAIL_CHANGE
from accounts.models import User
from accounts.services import email_change
from notifications import links
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.challenge import ANSWERS, give_answers

CHANGE = "/profile/change/"
QUESTIONS = "/profile/change/questions/"
CONFIRM = "/profile/email/confirm/"
NEW = "new@people.example"
OLD = "avery@people.example"


def somebody(**fields: Any) -> User:
    """Avery with answers, e-mail and phone number."""
    known = {"email": OLD, "phone": "+14105550142", **fields}
    return give_answers(cast.assister(**known))


def answer(client: Client, wanted: str = CHANGE, **changes: str) -> Any:
    """Answer the questions on their page, all right unless ``changes`` says otherwise."""
    given = {f"answer_{number}": value for number, value in enumerate(ANSWERS.values(), start=1)}
    return client.post(f"{QUESTIONS}?next={wanted}", {**given, **changes})


def answered(user: User) -> Client:
    """Somebody signed in who has answered the questions."""
    client = cast.client_of(user)
    assert answer(client).status_code == 302
    return client


def ask_for(client: Client, email: str, **fields: str) -> Any:
    """Send the form of Change Profile with another address."""
    form = {"email": email, "confirm_email": email, "phone": "(410) 555-0142", **fields}
    return client.post(CHANGE, form)


def link_in(mail: OutboxMessage) -> str:
    """The path of the link that confirms an address, as it is after delivery."""
    text = links.resolve(mail.body_text, mail.message_id)
    found = re.search(r"http://[^/\s]+(/profile/email/confirm/[^\s]+)", text)
    assert found, text
    return found.group(1)


def link_for(change_id: int) -> str:
    """The path of a link made by hand."""
    return f"/profile/email/confirm/{links.token(EMAIL_CHANGE, change_id)}/"


def fresh(user: User) -> User:
    """The person as the database knows them now."""
    return User.objects.get(pk=user.pk)


def asked(user: User, email: str = NEW) -> str:
    """Ask for another address; the path of the link in the mail."""
    email_change.ask(user=fresh(user), email=email, actor=user)
    return link_in(OutboxMessage.objects.filter(name="email_change_confirm").latest("id"))


def follow(path: str, client: Client | None = None) -> tuple[Client, int]:
    """Open a link and what it leads to, without pressing anything; the last status."""
    client = client or Client()
    return client, client.get(path, follow=True).status_code
