"""What the drills look at once a crowd is done, whatever happened to it."""

from collections.abc import Callable

from tests.drills.crowd import Crowd, Tally
from tests.drills.stack import Stack

Gather = Callable[[int], Crowd]
Settle = Callable[..., None]
Note = Callable[[str, object], None]

APPROVED = "select tracking_number from access_requests_accessrequest where status = 'approved'"


def report(note: Note, tally: Tally) -> None:
    """Put what the crowd saw into the table."""
    note("decisions acknowledged", len(tally.acknowledged))
    note("answers by status", dict(sorted(tally.statuses.items())))
    note("connections without an answer", tally.broken)
    note("p95 in seconds", tally.p95())
    note("slowest in seconds", max(tally.seconds))


def kept(stack: Stack, tally: Tally) -> None:
    """I12: what a client was told is so; and nobody gave up, and no page failed on its own."""
    assert tally.lost == []
    assert tally.acknowledged <= {row["tracking_number"] for row in stack.rows(APPROVED)}
    assert tally.statuses[500] == 0


def readable(page: str) -> None:
    """A page for the time of an outage says so in words, and nothing of what is behind it."""
    assert "The portal is resting for a moment" in page
    for inside in ("Traceback", "psycopg2", "DiskFull", "No space left"):
        assert inside not in page
