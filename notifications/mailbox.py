"""A mail backend that keeps mails in the database, where the mailbox page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

import clock
from notifications.models import MailboxMessage


class MailboxBackend(BaseEmailBackend):
    """Delivers to the mailbox page. A mail that comes a second time is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails; returns how many."""
        rows = [row for message in email_messages for row in _rows(message)]
        MailboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
        return len(email_messages)


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
