"""The mails about accounts that nobody uses: recipient, words and dates."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from accounts.models import User
from notifications.outbox import Mail, enqueue


def expires_soon(due: Sequence[tuple[User, date]]) -> None:
    """Says when each account expires, and that logging in is enough to keep it."""
    enqueue(
        [
            Mail(
                "account_expires_soon",
                user.email,
                {"user_id": user.user_id, "day": day, "limit": settings.INACTIVITY_LIMIT.days},
                recipient=user,
            )
            for user, day in due
        ]
    )


def expired(people: Sequence[User]) -> None:
    """Says that the account is shut, that nothing is lost, and how it opens."""
    enqueue(
        [
            Mail(
                "account_expired",
                user.email,
                {"user_id": user.user_id, "limit": settings.INACTIVITY_LIMIT.days},
                recipient=user,
            )
            for user in people
        ]
    )
