"""Puts failed mails back into the queue when a person asks for it."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

import clock
from notifications.models import OutboxMessage
from notifications.signals import mail_requeued

Status = OutboxMessage.Status


@transaction.atomic
def requeue(*, message_ids: Collection[int], actor: AbstractBaseUser) -> int:
    """Have failed mails tried anew, with all their attempts; returns how many there were.

    Mails in any other state stay as they are, so that none is sent twice. Sends
    ``mail_requeued`` for each, in this transaction.
    """
    failed = OutboxMessage.objects.select_for_update().filter(
        pk__in=message_ids, status=Status.FAILED
    )
    messages = list(failed.order_by("pk"))
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        status=Status.QUEUED, attempts=0, next_try_at=clock.now(), last_error=""
    )
    for message in messages:
        mail_requeued.send(
            sender=OutboxMessage, message=message, actor=actor, error=message.last_error
        )
    return len(messages)
