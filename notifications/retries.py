"""When a mail that could not be delivered is tried again, and when the portal gives up."""

from __future__ import annotations

from datetime import timedelta

BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
MAX_ATTEMPTS = len(BACKOFF) + 1
"""After the last wait (nearly two days in all) a mail is marked failed."""

NOW = timedelta(0)
SERVER_AWAY = timedelta(seconds=30)
"""Wait while the mail server cannot be reached at all; this does not count as an attempt."""


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after this many failed attempts (from 1), or None to give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return BACKOFF[max(attempts, 1) - 1]
