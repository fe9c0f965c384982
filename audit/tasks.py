"""What the worker does for the log."""

from __future__ import annotations

import structlog
from celery import shared_task

from audit.services import sealing, verification

logger = structlog.get_logger(__name__)


@shared_task(name="audit.tasks.seal")
def seal() -> None:
    """Chain the entries that were committed since the last time."""
    sealing.seal()


@shared_task(name="audit.tasks.verify")
def verify() -> None:
    """Read the whole log once and raise the alarm in the operators' log if it was changed."""
    report = verification.verify()
    if report.intact:
        logger.info("audit_intact", entries=report.entries)
        return
    first = [f"{problem.kind}: {problem.text}" for problem in report.problems[:5]]
    logger.critical("audit_not_intact", found=dict(report.found), first=first)
