"""Dates with a time, wherever they are written: the zone stands behind them."""

from datetime import UTC, datetime

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime

SUMMER = datetime(2026, 7, 1, 16, 5, tzinfo=UTC)
WINTER = datetime(2026, 11, 24, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "form", "words"),
    [
        (WINTER, "DATETIME_FORMAT", "Nov. 24, 2026, 6:15 a.m. EST"),
        (SUMMER, "DATETIME_FORMAT", "July 1, 2026, 12:05 p.m. EDT"),
        (WINTER, "TIME_FORMAT", "6:15 a.m. EST"),
        (WINTER, "SHORT_DATETIME_FORMAT", "11/24/2026 6:15 a.m. EST"),
        (WINTER, "DATE_FORMAT", "Nov. 24, 2026"),
    ],
)
def test_a_time_is_written_with_its_zone(moment: datetime, form: str, words: str) -> None:
    assert date_format(localtime(moment), form) == words
