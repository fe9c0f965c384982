"""Takes mails in: renders them and puts them into the outbox, in the caller's transaction."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.utils import translation

import clock
from notifications import links
from notifications.models import OutboxMessage

INVALID_ADDRESS = "The address is not a valid e-mail address."

_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Mail:
    """One mail to one person.

    ``name`` is the folder of its templates, ``templates/emails/<name>/``. The context gets
    ``origin`` (where the portal is reached), ``portal_name`` and ``recipient_name`` besides. A
    second mail with the same ``dedupe_key`` is not taken.
    """

    name: str
    to: str
    context: Mapping[str, Any] = field(default_factory=dict)
    recipient: AbstractBaseUser | None = None
    dedupe_key: str | None = None


def enqueue(messages: Sequence[Mail]) -> None:
    """Put mails into the outbox by ONE INSERT in the caller's transaction; nothing is sent here.

    Rendered now, in each recipient's language, so that a mail says what was true when it was
    written. A mail to something that is no address is kept as failed and visible, because a
    wrong address must not undo a decision. Raises TemplateDoesNotExist for an unknown name.
    """
    now = clock.now()
    rows = [_row(mail, now) for mail in messages]
    if rows:
        OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)


def one_line(text: str) -> str:
    """Return a text fit for a header: no control characters, one line, at most 255 characters."""
    kept = "".join(" " if unicodedata.category(char) in _NOT_IN_HEADERS else char for char in text)
    return " ".join(kept.split())[:255]


_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _row(mail: Mail, now: datetime) -> OutboxMessage:
    message_id = f"<{uuid.uuid4().hex}@{_mail_domain()}>"
    to, problem = _recipient(mail.to)
    context = {
        "recipient_name": _full_name(mail.recipient),
        **mail.context,
        "origin": settings.PORTAL_ORIGIN,
    }
    with translation.override(_language(mail.recipient)):
        subject = one_line(_render(mail.name, "subject.txt", context, autoescape=False))
        text = _body(_render(mail.name, "body.txt", context, autoescape=False))
        html = _body(_render(mail.name, "body.html", context, autoescape=True))
    return OutboxMessage(
        name=mail.name,
        recipient_id=mail.recipient.pk if mail.recipient else None,
        to=to,
        subject=subject,
        body_text=links.bind(text, message_id),
        body_html=links.bind(html, message_id),
        message_id=message_id,
        dedupe_key=mail.dedupe_key,
        created_at=now,
        next_try_at=now,
        status=OutboxMessage.Status.FAILED if problem else OutboxMessage.Status.QUEUED,
        last_error=problem,
    )


def _recipient(address: str) -> tuple[str, str]:
    """Return an address fit for a header and what is wrong with it ("" if nothing is)."""
    line = one_line(str(address))
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


def _render(name: str, part: str, context: dict[str, Any], *, autoescape: bool) -> str:
    backend = cast(DjangoTemplates, engines["django"])
    template = backend.engine.get_template(f"emails/{name}/{part}")
    return template.render(Context(context, autoescape=autoescape))


def _body(text: str) -> str:
    """Return a rendered text without control characters and the gaps that blocks leave."""
    return _GAPS.sub("\n\n", _CONTROLS.sub("", text)).strip() + "\n"
