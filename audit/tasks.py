"""What the worker does for the log."""

from __future__ import annotations

from celery import shared_task

from audit.services import sealing


@shared_task(name="audit.tasks.seal")
def seal() -> None:
    """Chain the entries that were committed since the last time."""
    sealing.seal()
