"""What the worker does for mail."""

from __future__ import annotations

from celery import shared_task

from notifications.services import delivery


@shared_task(name="notifications.tasks.drain_outbox")
def drain_outbox() -> None:
    """Send what is due."""
    delivery.drain()
