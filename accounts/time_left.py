"""How long a session goes on if its owner does nothing more."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.conf import settings


@dataclass(frozen=True)
class TimeLeft:
    """Times in whole seconds."""

    seconds: int
    until_warning: int
    # Whether the end is that of the longest time, so that nothing its owner does moves it.
    is_final: bool


def time_left(*, now: datetime, last_activity: datetime, latest_end: datetime) -> TimeLeft:
    """Reckon from the last activity; ``latest_end`` comes whatever the owner does."""
    idle_end = last_activity + settings.SESSION_IDLE_LIMIT
    end = min(idle_end, latest_end)
    until_warning = (end - settings.SESSION_WARNING - now).total_seconds()
    return TimeLeft(
        seconds=int((end - now).total_seconds()),
        until_warning=max(0, ceil(until_warning)),
        is_final=latest_end <= idle_end,
    )
