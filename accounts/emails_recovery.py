"""The mails about passwords and their recovery: recipient, words and links."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts.models import AccountEvent, User
from accounts.services import disavowal
from notifications.outbox import Mail, enqueue


def questions_closed(user: User, *, until: datetime, at: datetime) -> None:
    """Says that the challenge questions are closed for a day and that sign-in still works."""
    _to(user, "account_questions_closed", until=localtime(until), at=localtime(at))


def password_changed(user: User, *, at: datetime) -> None:
    """Tells all addresses of a person that the password was changed."""
    _to_all(user, "account_password_changed", AccountEvent.PASSWORD_CHANGED, at=localtime(at))


def _to_all(user: User, name: str, event: AccountEvent, **context: Any) -> None:
    """One mail to each known address, each with its own way to say "this was not me"."""
    enqueue(
        [
            Mail(
                name,
                address,
                {
                    "user_id": user.user_id,
                    "not_me": disavowal.link(user, event, email=address),
                    **context,
                },
                recipient=user,
            )
            for address in disavowal.known_addresses(user)
        ]
    )


def _to(user: User, name: str, **context: Any) -> None:
    context = {"user_id": user.user_id, **context}
    enqueue([Mail(name, user.email, context, recipient=user)])
