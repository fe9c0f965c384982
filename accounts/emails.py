"""The mails of the accounts room: recipient, words and links, put into the outbox."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts import emails_recovery
from accounts.models import Registration, User
from notifications import links
from notifications.outbox import Mail, enqueue

ACTIVATION = "accounts.activation"


def registration_received(registration: Registration, *, user_id_taken: bool) -> None:
    """The link that opens the account, or says that another User ID is needed first."""
    enqueue(
        [
            Mail(
                "account_activation",
                registration.email,
                {
                    "recipient_name": registration.get_full_name(),
                    "user_id": registration.user_id,
                    "user_id_taken": user_id_taken,
                    "token": links.placeholder(
                        ACTIVATION, [registration.pk, registration.link_number]
                    ),
                    "expires_at": localtime(registration.expires_at),
                },
            )
        ]
    )


def email_already_known(owner: User) -> None:
    """Tells the owner of an address that somebody tried to register with it."""
    _to(owner, "account_email_taken")


def user_id_wanted(owner: User) -> None:
    """Tells the owner of a User ID that somebody tried to register with it."""
    _to(owner, "account_user_id_taken")


def account_activated(user: User) -> None:
    """Says that the account is open and what to do next."""
    _to(user, "account_activated")


def account_locked(user: User, *, until: datetime, at: datetime) -> None:
    """Says that sign-in is closed, when it opens again, and how its owner opens it earlier."""
    token = emails_recovery.unlock_placeholder(user, until) if user.has_mfa else ""
    _to(user, "account_locked", until=localtime(until), at=localtime(at), unlock=token)


def session_ended(user: User, *, at: datetime) -> None:
    """Says that an older session was ended because of a new one."""
    _to(user, "account_session_ended", at=localtime(at))


def user_id_reminder(user: User) -> None:
    """The User ID somebody forgot."""
    _to(user, "account_user_id")


def account_deactivated(user: User) -> None:
    """Says that the account was closed."""
    _to(user, "account_deactivated")


def account_reactivated(user: User) -> None:
    """Says that the account is open again."""
    _to(user, "account_reactivated")


def _to(user: User, name: str, **context: Any) -> None:
    context = {"user_id": user.user_id, **context}
    enqueue([Mail(name, user.email, context, recipient=user)])
