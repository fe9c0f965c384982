"""The mails about changes that people make on their profile pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

import clock
from accounts import masks, user_agents
from accounts.models import AccountEvent, EmailChange, PortalSession, User
from accounts.services import disavowal
from notifications import links
from notifications.outbox import Mail, enqueue

EMAIL_CHANGE = "accounts.email_change"


def sessions_ended(user: User, ended: Sequence[PortalSession], *, at: datetime) -> None:
    """Says which of the person's sessions were ended from another one."""
    browsers = [user_agents.describe(session.user_agent) for session in ended]
    _to(user, "account_sessions_ended", AccountEvent.SIGNED_IN, browsers=browsers, at=localtime(at))


def profile_changed(user: User, *, what: str) -> None:
    """Says what was changed, without the new values."""
    _to(user, "profile_changed", AccountEvent.PROFILE_CHANGED, what=what, at=_now())


def name_corrected(user: User, *, reason: str, is_proven: bool) -> None:
    """Says that a help desk wrote another name, which the greeting already has, and why.

    Documents shown for a proven identity are a proof of it, and are disowned as one.
    """
    event = AccountEvent.IDENTITY_TRIED if is_proven else AccountEvent.PROFILE_CHANGED
    _to(user, "name_corrected", event, reason=reason, is_proven=is_proven, at=_now())


def questions_changed(user: User) -> None:
    """Says that the challenge questions were changed."""
    _to(user, "profile_questions_changed", AccountEvent.QUESTIONS_CHANGED, at=_now())


def confirm_email(change: EmailChange) -> None:
    """The link by which the new address confirms; it goes there and nowhere else."""
    context = {
        "user_id": change.user.user_id,
        "token": links.placeholder(EMAIL_CHANGE, change.pk),
        "expires_at": localtime(change.expires_at),
    }
    enqueue([Mail("email_change_confirm", change.new_email, context, recipient=change.user)])


def email_change_asked(change: EmailChange) -> None:
    """Tells the old address that another one was requested."""
    _to(
        change.user,
        "email_change_asked",
        AccountEvent.EMAIL_CHANGE_ASKED,
        new_email=masks.email(change.new_email),
        at=localtime(change.created_at),
    )


def email_wanted_by_another(owner: User) -> None:
    """Tells the owner of an address that another account asked for it."""
    context = {"user_id": owner.user_id}
    enqueue([Mail("email_change_taken", owner.email, context, recipient=owner)])


def email_changed(user: User, *, old_email: str) -> None:
    """Tells both addresses; the old one can still say that it was not its owner."""
    for address in (old_email, user.email):
        _to(
            user,
            "email_changed",
            AccountEvent.EMAIL_CHANGED,
            to=address,
            new_email=masks.email(user.email),
            at=_now(),
        )


def _now() -> datetime:
    return localtime(clock.now())


def _to(user: User, name: str, event: AccountEvent, *, to: str = "", **context: Any) -> None:
    address = to or user.email
    context = {
        "user_id": user.user_id,
        "token": disavowal.link(user, event, email=address),
        **context,
    }
    enqueue([Mail(name, address, context, recipient=user)])
