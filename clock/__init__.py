"""The one place that knows what time it is, so that an installation or a test can move it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

__all__ = ["now", "today"]


def now() -> datetime:
    """The current instant as an aware UTC datetime, moved by ``settings.CLOCK_OFFSET``."""
    return datetime.now(UTC) + settings.CLOCK_OFFSET


def today() -> date:
    """The calendar day of :func:`now` in ``settings.TIME_ZONE`` (not in the reader's zone)."""
    return now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
