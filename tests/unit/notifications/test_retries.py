"""The wait between attempts grows, and ends."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import retries


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 60), (5, 180), (6, 360), (7, 720), (8, 1440)],
)
def test_wait_after_each_attempt(attempts: Any, minutes: Any) -> None:
    assert retries.wait_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.parametrize("attempts", [9, 10, 99])
def test_portal_gives_up_after_the_last_attempt(attempts: Any) -> None:
    assert retries.wait_after(attempts) is None


def test_attempts_span_nearly_two_days() -> None:
    total = sum(retries.BACKOFF, timedelta())
    assert timedelta(days=1, hours=22) < total < timedelta(days=2)
