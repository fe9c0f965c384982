"""The one task of the wiring: proof that beat, broker and worker are alive together."""

from celery import shared_task

from portal import health


@shared_task
def heartbeat() -> None:
    """Note that a task came through just now."""
    health.note_tick()
