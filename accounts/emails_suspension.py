"""The mails about accounts that rest for a while."""

from accounts.models import User
from notifications.outbox import Mail, enqueue


def account_suspended(user: User, *, reason: str) -> None:
    """Says that the account rests, why, and whom to call."""
    _send(user, "account_suspended", reason)


def account_unsuspended(user: User, *, reason: str) -> None:
    """Says that the account is open again, with the access it had."""
    _send(user, "account_unsuspended", reason)


def _send(user: User, name: str, reason: str) -> None:
    context = {"user_id": user.user_id, "reason": reason}
    enqueue([Mail(name, user.email, context, recipient=user)])
