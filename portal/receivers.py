"""Carries news between rooms that do not know each other."""

from typing import Any

from django.dispatch import receiver

from audit import events
from notifications.audit_tags import Tag
from notifications.models import OutboxMessage
from notifications.signals import mail_requeued


@receiver(mail_requeued, dispatch_uid="portal.record_retry")
def record_retry(*, message: OutboxMessage, actor: Any, error: str, **signal: Any) -> None:
    """Write into the audit log who had a failed mail tried again."""
    events.record(Tag.RETRY, actor=actor, target=message, reason=error)
