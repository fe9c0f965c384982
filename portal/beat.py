"""The beat's schedule, for a clock that may be set back."""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

QUICK = timedelta(seconds=5)


class SteadyScheduler(PersistentScheduler):
    """Lets nothing wait for a moment that the clock has taken back.

    A job runs when its time since the last run is over. Set the clock back by ten minutes, and
    that last run lies in the future: without this, no mail would leave for ten minutes.
    """

    def setup_schedule(self) -> None:
        """Read the stored schedule, which may be of a time when the clock was wrong.

        What runs every few seconds begins at once: until the first heartbeat nothing is ready.
        """
        super().setup_schedule()
        self.forget_the_future()
        for entry in self.schedule.values():
            pace, last = getattr(entry.schedule, "run_every", None), entry.last_run_at
            if pace is not None and pace <= QUICK and not entry.total_run_count and last:
                entry.last_run_at = last - pace

    def tick(self, *args: Any, **options: Any) -> float:
        """Start what is due; returns how many seconds may pass until the next look."""
        self.forget_the_future()
        pause: float = super().tick(*args, **options)
        return pause

    def forget_the_future(self) -> None:
        """Count from now where the last run lies ahead."""
        for entry in self.schedule.values():
            now, last = entry.default_now(), entry.last_run_at
            if last is not None and last > now:
                entry.last_run_at = now
                self._heap = None  # it is built anew from the entries
