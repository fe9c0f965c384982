"""Keeps mails, text messages and calls in the database, where the mailbox page shows them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

import clock
from notifications import links
from notifications.models import MailboxMessage

MOST_SHOWN = 3


class MailboxBackend(BaseEmailBackend):
    """Delivers to the mailbox page. A mail that comes a second time is kept once."""

    # Codes stay markers in the database; the page makes them when somebody looks.
    keeps_made_markers = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many."""
        rows = [row for message in email_messages for row in _rows(message)]
        MailboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
        return len(email_messages)


def keep(*, channel: MailboxMessage.Channel, to: str, words: str) -> None:
    """Keep a text message or a call; markers of ``notifications.links`` in it stay markers."""
    message_id = f"<{uuid.uuid4().hex}@mailbox.invalid>"
    MailboxMessage.objects.create(
        channel=channel,
        at=clock.now(),
        sender="",
        to=to,
        subject="",
        message_id=message_id,
        headers={},
        body_text=links.bind(words, message_id),
        body_html="",
    )


def newest_of(*addresses: str, since: datetime) -> list[MailboxMessage]:
    """Return what came for these addresses and numbers since then, newest first, with its codes."""
    wanted = [address for address in addresses if address]
    found = MailboxMessage.objects.filter(to__in=wanted, at__gte=since).order_by("-id")
    return [with_codes(message) for message in found[:MOST_SHOWN]]


def with_codes(message: MailboxMessage) -> MailboxMessage:
    """Make the codes in a message, which the database does not hold."""
    message.body_text = links.resolve(message.body_text, message.message_id)
    message.body_html = links.resolve(message.body_html, message.message_id)
    return message


def _rows(message: EmailMessage) -> list[MailboxMessage]:
    mime, now = message.message(), clock.now()
    return [
        MailboxMessage(
            at=now,
            sender=message.from_email,
            to=to,
            subject=str(message.subject),
            message_id=mime["Message-ID"],
            headers={name: str(value) for name, value in mime.items()},
            body_text=str(message.body),
            body_html=_html(message),
        )
        for to in message.recipients()
    ]


def _html(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for content, mimetype in message.alternatives:
            if mimetype == "text/html":
                return str(content)
    return ""
