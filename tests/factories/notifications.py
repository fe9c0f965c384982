"""Builds mails in the outbox and in the mailbox for tests."""

from itertools import count
from typing import Any

import clock
from notifications.models import MailboxMessage, OutboxMessage

_numbers = count(1)


def build_message(**fields: Any) -> OutboxMessage:
    """An unsaved mail that is due."""
    number = next(_numbers)
    now = clock.now()
    return OutboxMessage(
        **{
            "name": "account_deactivated",
            "to": f"reader{number}@example.org",
            "language": "en-us",
            "context": {"user_id": f"reader{number}"},
            "message_id": f"<message-{number}@portal.example>",
            "created_at": now,
            "next_try_at": now,
            **fields,
        }
    )


def make_message(**fields: Any) -> OutboxMessage:
    """Save one mail that is due."""
    message = build_message(**fields)
    message.save(force_insert=True)
    return message


def make_messages(number: int, **fields: Any) -> list[OutboxMessage]:
    """Save several mails that are due."""
    return OutboxMessage.objects.bulk_create([build_message(**fields) for _ in range(number)])


def make_mailbox_message(**fields: Any) -> MailboxMessage:
    """Save one mail as the mailbox page's backend would."""
    number = next(_numbers)
    return MailboxMessage.objects.create(
        **{
            "at": clock.now(),
            "sender": "donotreply@portal.example",
            "to": f"reader{number}@example.org",
            "subject": f"Subject {number}",
            "message_id": f"<mailbox-{number}@portal.example>",
            "headers": {"Message-ID": f"<mailbox-{number}@portal.example>"},
            "body_text": f"Text {number}\n",
            "body_html": f"<html><head></head><body><p>Text {number}</p></body></html>",
            **fields,
        }
    )
