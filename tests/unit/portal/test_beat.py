"""A clock that is set back holds nothing up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import Celery

from portal.beat import SteadyScheduler

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
EVERY = {"often": 2, "daily": 86_400}


class Sending(SteadyScheduler):
    """Notes what it would send."""

    sent: list[str]

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send nothing."""
        self.sent.append(entry.name)


@pytest.fixture
def app() -> Any:
    app = Celery("beats", broker="memory://")
    app.conf.update(timezone="UTC", enable_utc=True, result_expires=None)
    app.conf.beat_schedule = {
        name: {"task": f"tasks.{name}", "schedule": seconds} for name, seconds in EVERY.items()
    }
    return app


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


def _scheduler(app: Any, folder: Path) -> Sending:
    return Sending(app=app, schedule_filename=str(folder / "schedule"), max_interval=5)


def _sent(scheduler: Sending) -> list[str]:
    """Tick until nothing more is due; return what was sent."""
    scheduler.sent = []
    while scheduler.tick() == 0:
        pass
    return sorted(scheduler.sent)


def test_jobs_run_at_their_pace(app: Any, clock: Any, tmp_path: Path) -> None:
    scheduler = _scheduler(app, tmp_path)
    assert _sent(scheduler) == ["often"]  # what runs every few seconds begins at once
    assert _sent(scheduler) == []
    for _ in range(3):
        clock.shift(2)
        assert _sent(scheduler) == ["often"]
    scheduler.close()


def test_nothing_is_early_after_a_restart(app: Any, clock: Any, tmp_path: Path) -> None:
    before = _scheduler(app, tmp_path)
    assert _sent(before) == ["often"]
    before.close()

    clock.shift(1)
    scheduler = _scheduler(app, tmp_path)
    assert _sent(scheduler) == []
    clock.shift(1)
    assert _sent(scheduler) == ["often"]
    scheduler.close()


def test_clock_set_back_by_ten_minutes(app: Any, clock: Any, tmp_path: Path) -> None:
    scheduler = _scheduler(app, tmp_path)
    clock.shift(timedelta(days=1))
    assert _sent(scheduler) == ["daily", "often"]
    clock.shift(-600)
    _sent(scheduler)
    clock.shift(2)
    assert _sent(scheduler) == ["often"]
    scheduler.close()


def test_beat_that_is_started_after_the_clock_was_set_back(
    app: Any, clock: Any, tmp_path: Path
) -> None:
    ahead = _scheduler(app, tmp_path)
    clock.shift(timedelta(days=30))
    assert _sent(ahead) == ["daily", "often"]
    ahead.close()

    clock.move_to(NOON)
    scheduler = _scheduler(app, tmp_path)
    _sent(scheduler)
    clock.shift(2)
    assert _sent(scheduler) == ["often"]
    clock.shift(timedelta(days=1))
    assert _sent(scheduler) == ["daily", "often"]
    scheduler.close()


def test_clock_set_forward_runs_everything_once(app: Any, clock: Any, tmp_path: Path) -> None:
    scheduler = _scheduler(app, tmp_path)
    clock.shift(timedelta(days=400))
    assert _sent(scheduler) == ["daily", "often"]
    assert _sent(scheduler) == []
    scheduler.close()
