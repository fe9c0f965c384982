"""What `make drills` and `make proof` run: which tests, how many rounds, in which environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SERVERS = ("-m", "portal.embedded")


@dataclass(frozen=True)
class Step:
    """One run of pytest, repeated `rounds` times; `servers` starts PostgreSQL and Valkey for it."""

    name: str
    tests: tuple[str, ...]
    rounds: int = 1
    servers: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


PROOFS = (
    Step(
        "races, 100 rounds each",
        ("-m", "race", "tests/integration"),
        servers=True,
        environment={"PROOF": "full"},
    ),
    Step(
        "repetitions in full",
        ("-m", "proof", "tests/integration"),
        servers=True,
        environment={"PROOF": "full"},
    ),
)
# A moment nobody chose differs in each round, so these are repeated; the mail server's troubles
# do not.
DRILLS = (
    Step("parts killed and frozen", ("tests/drills/test_killed_parts.py",), rounds=5),
    Step("trouble with the mail server", ("tests/drills/test_mail_trouble.py",)),
    Step("trouble with the proofing bureau", ("tests/drills/test_bureau_trouble.py",)),
    Step("restored from a backup", ("tests/drills/test_restore.py",)),
    Step("clocks that are set", ("tests/drills/test_clock_moved.py",)),
    Step("disk full", ("tests/drills/test_disk_full.py",)),
)


def chosen(*, proofs: bool, drills: bool, rounds: int) -> list[tuple[int, Step]]:
    """Return the steps in order with the number of each round, at most `rounds` of each."""
    steps = [*(PROOFS if proofs else ()), *(DRILLS if drills else ())]
    return [(number, step) for step in steps for number in range(1, min(rounds, step.rounds) + 1)]
