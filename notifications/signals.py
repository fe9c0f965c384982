"""What other rooms may want to hear about mails; this room does not know them."""

from __future__ import annotations

from django.dispatch import Signal

mail_requeued = Signal()
"""A failed mail was put back by a person, within that transaction.

Arguments: ``sender`` OutboxMessage, ``message`` the mail, ``actor`` who asked for it,
``error`` why it had failed.
"""
