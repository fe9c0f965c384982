"""The clock tells aware UTC time, can be moved, and knows the day of the portal's own zone."""

import datetime as dt
from typing import Any

import pytest
import time_machine

import clock


def test_now_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == dt.timedelta(0)


@time_machine.travel(dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC), tick=False)
def test_offset_moves_the_clock(settings: Any) -> None:
    settings.CLOCK_OFFSET = dt.timedelta(days=400, hours=1)
    assert clock.now() == dt.datetime(2027, 12, 27, 13, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-11-22T04:59:59+00:00", "America/New_York", "2026-11-21"),
        ("2026-11-22T05:00:00+00:00", "America/New_York", "2026-11-22"),
        ("2026-07-01T03:59:59+00:00", "America/New_York", "2026-06-30"),
        ("2028-02-29T12:00:00+00:00", "Pacific/Auckland", "2028-03-01"),
    ],
)
def test_today_is_the_day_of_the_portals_zone(
    settings: Any, instant: str, zone: str, day: str
) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(dt.datetime.fromisoformat(instant), tick=False):
        assert clock.today() == dt.date.fromisoformat(day)


def test_today_follows_the_offset(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    settings.CLOCK_OFFSET = dt.timedelta(days=1)
    with time_machine.travel(dt.datetime(2026, 12, 31, 1, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2027, 1, 1)
