"""How often the long proofs repeat: enough to notice in `make test`, in full in `make proof`."""

import os

FULL = os.environ.get("PROOF", "") == "full"


def times(usual: int, full: int) -> int:
    """Return how often to repeat, in this run."""
    return full if FULL else usual


RACE_ROUNDS = int(os.environ.get("RACE_ROUNDS", "0")) or times(3, 100)
HOSTILE_POSTS = int(os.environ.get("HOSTILE_POSTS", "0")) or times(600, 10_000)
TIMING_PAIRS = times(20, 200)  # on a busy machine more, up to the next
MOST_TIMING_PAIRS = times(200, 400)
TAMPERINGS = times(60, 200)
NEIGHBOURS = times(8, 50)  # identifiers tried on each side of a real one
