"""Takes mails in: puts their facts into the outbox, in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

import clock
from notifications import facts, letters
from notifications.models import OutboxMessage
from prepared import Insert

_INSERT = Insert(OutboxMessage, ignore_conflicts=True)
INVALID_ADDRESS = "The address is not a valid e-mail address."


@dataclass(frozen=True)
class Mail:
    """One mail to one person.

    ``name`` is the folder of its templates, ``templates/emails/<name>/``. ``context`` holds facts,
    see ``facts.freeze``; the templates get ``origin`` (where the portal is reached) and
    ``recipient_name`` besides. A second mail with the same ``dedupe_key`` is not taken.
    """

    name: str
    to: str
    context: Mapping[str, Any] = field(default_factory=dict)
    recipient: AbstractBaseUser | None = None
    dedupe_key: str | None = None


def enqueue(messages: Sequence[Mail]) -> None:
    """Put mails into the outbox by ONE INSERT in the caller's transaction; nothing is sent here.

    What goes in are the facts, so that a mail says what was true when it was written; the words
    are made of them when it is sent, in the recipient's language. A mail to something that is no
    address is kept as failed and visible, because a wrong address must not undo a decision.
    Raises TemplateDoesNotExist for an unknown name and TypeError for what is no fact.
    """
    now = clock.now()
    _INSERT.write([_row(mail, now) for mail in messages])


def _row(mail: Mail, now: datetime) -> OutboxMessage:
    letters.check(mail.name)
    message_id = f"<{uuid.uuid4().hex}@{_mail_domain()}>"
    to, problem = _recipient(mail.to)
    language = _language(mail.recipient)
    context = {"recipient_name": _full_name(mail.recipient), **mail.context}
    with translation.override(language):
        kept = facts.freeze(context, message_id)
    return OutboxMessage(
        name=mail.name,
        recipient_id=mail.recipient.pk if mail.recipient else None,
        to=to,
        language=language,
        context=kept,
        message_id=message_id,
        dedupe_key=mail.dedupe_key,
        created_at=now,
        next_try_at=now,
        status=OutboxMessage.Status.FAILED if problem else OutboxMessage.Status.QUEUED,
        last_error=problem,
    )


def _recipient(address: str) -> tuple[str, str]:
    """Return an address fit for a header and what is wrong with it ("" if nothing is)."""
    line = letters.one_line(str(address))
    try:
        validate_email(line)
    except ValidationError:
        return line, INVALID_ADDRESS
    return line, "" if line == str(address).strip() else INVALID_ADDRESS


def _full_name(person: AbstractBaseUser | None) -> str:
    get_full_name = getattr(person, "get_full_name", None)
    return str(get_full_name()) if get_full_name else ""


def _language(person: AbstractBaseUser | None) -> str:
    return getattr(person, "language", "") or settings.LANGUAGE_CODE


def _mail_domain() -> str:
    return urlsplit(settings.PORTAL_ORIGIN).hostname or "localhost"
