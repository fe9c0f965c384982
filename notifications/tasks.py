"""What the worker does for mail."""

from __future__ import annotations

from celery import shared_task

from notifications.services import delivery, retention


@shared_task(name="notifications.tasks.drain_outbox")
def drain_outbox() -> None:
    """Send what is due, and take up what a killed worker left."""
    delivery.drain()


@shared_task(name="notifications.tasks.forget_sent")
def forget_sent() -> None:
    """Delete the mails that were sent long ago."""
    retention.forget_sent()
