"""Forgets delivered mails after a while: they hold names and reasons that nobody needs again."""

from __future__ import annotations

from datetime import timedelta

import clock
from notifications.models import OutboxMessage

KEPT = timedelta(days=90)
CHUNK = 5_000


def forget_sent(*, older_than: timedelta = KEPT) -> int:
    """Delete mails that were sent longer ago; failed ones stay. Returns how many."""
    sent = OutboxMessage.objects.filter(
        status=OutboxMessage.Status.SENT, sent_at__lt=clock.now() - older_than
    )
    forgotten = 0
    while True:
        keys = list(sent.order_by("sent_at").values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return forgotten
        forgotten += sent.filter(pk__in=keys).delete()[0]
