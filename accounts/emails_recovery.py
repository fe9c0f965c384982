"""The mails about recovery and the life of an account: recipient, words and links."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts.models import SecurityCase, User
from notifications.outbox import Mail, enqueue


def questions_closed(user: User, *, until: datetime, at: datetime) -> None:
    """Says that the challenge questions are closed for a day and that sign-in still works."""
    _to(user, "account_questions_closed", until=localtime(until), at=localtime(at))


def account_frozen(user: User, *, case: SecurityCase, addresses: Sequence[str]) -> None:
    """Tells all addresses of a person that the account is stopped, and what happens next."""
    enqueue(
        [
            Mail(
                "account_frozen",
                address,
                {
                    "user_id": user.user_id,
                    "reference": case.reference,
                    "event": case.get_event_display(),
                    "event_at": localtime(case.event_at),
                },
                recipient=user,
            )
            for address in addresses
        ]
    )


def case_closed(user: User, *, case: SecurityCase, stays_closed: bool) -> None:
    """Says how the case ended and what the person can do now."""
    _to(user, "account_case_closed", reference=case.reference, stays_closed=stays_closed)


def _to(user: User, name: str, **context: Any) -> None:
    context = {"user_id": user.user_id, **context}
    enqueue([Mail(name, user.email, context, recipient=user)])
