"""The mails about passwords and their recovery: recipient, words and links."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts.models import AccountEvent, PasswordReset, User
from accounts.services import disavowal
from notifications import links
from notifications.outbox import Mail, enqueue

RESET_LINK = "accounts.password_reset"
UNLOCK_LINK = "accounts.unlock"


def questions_closed(user: User, *, until: datetime, at: datetime) -> None:
    """Says that the challenge questions are closed for a day and that sign-in still works."""
    _to(user, "account_questions_closed", until=localtime(until), at=localtime(at))


def password_changed(user: User, *, at: datetime) -> None:
    """Tells all addresses of a person that the password was changed."""
    _to_all(user, "account_password_changed", AccountEvent.PASSWORD_CHANGED, at=localtime(at))


def password_reset(user: User, *, at: datetime) -> None:
    """Tells all addresses of a person that a new password was set after a recovery."""
    _to_all(user, "account_password_reset", AccountEvent.PASSWORD_RESET, at=localtime(at))


def reset_link(reset: PasswordReset) -> None:
    """The link that leads on with a recovery, and one for people who did not ask for it."""
    user = reset.user
    _to(
        user,
        "account_reset_link",
        token=links.placeholder(RESET_LINK, [reset.pk, reset.link_number]),
        expires_at=localtime(reset.expires_at),
        by_help_desk=reset.origin == PasswordReset.Origin.HELP_DESK,
        not_me=disavowal.link(user, AccountEvent.RECOVERY_STARTED),
    )


def reset_waits(reset: PasswordReset) -> None:
    """Tells all addresses that a link will come in a day, unless somebody says stop."""
    opens_at = reset.opens_at or reset.expires_at
    _to_all(
        reset.user,
        "account_reset_waits",
        AccountEvent.RECOVERY_STARTED,
        opens_at=localtime(opens_at),
    )


def unlock_link(user: User, *, until: datetime) -> None:
    """The link by which the owner opens a locked account early."""
    _to(
        user,
        "account_unlock_link",
        token=unlock_placeholder(user, until),
        until=localtime(until),
    )


def unlock_placeholder(user: User, until: datetime) -> str:
    """The marker of a link that is good for one lock: it ends with it."""
    return links.placeholder(UNLOCK_LINK, [user.pk, until.isoformat()])


def account_unlocked(user: User, *, at: datetime) -> None:
    """Tells all addresses of a person that the account was unlocked."""
    _to_all(user, "account_unlocked", AccountEvent.ACCOUNT_UNLOCKED, at=localtime(at))


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
