"""Web, worker and beat as one: all live, or all are stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.embedded.processes import lives

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import os, sys
from pathlib import Path
from portal import supervisor as module
from portal.supervisor import Supervisor

module.SECONDS_TO_STOP = 2
folder = Path(sys.argv[1])
with Supervisor() as supervisor:
    for name in ("one", "two"):
        supervisor.start(name, ["sh", "-c", sys.argv[2]], os.environ, folder / f"{name}.log")
    (folder / "pids").write_text(" ".join(str(c.pid) for c in supervisor.children.values()))
    os.rename(folder / "pids", folder / "ready")
    ended = supervisor.wait()
print(repr(ended))
"""


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)


class Running:
    """A supervisor with two children, in a process of its own."""

    def __init__(self, folder: Path, child: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), child],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        wait_until((folder / "ready").exists)
        self.children = [int(pid) for pid in (folder / "ready").read_text().split()]

    def result(self) -> str:
        return self.process.communicate(timeout=60)[0].strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    running = Running(tmp_path, "exec sleep 600")

    running.process.send_signal(number)

    assert running.result() == "''"
    assert running.process.returncode == 0
    assert not any(map(lives, running.children))


def test_the_end_of_one_child_stops_the_other(tmp_path: Path) -> None:
    running = Running(tmp_path, "exec sleep 600")

    os.kill(running.children[1], signal.SIGKILL)

    assert running.result() == "'two'"
    assert not any(map(lives, running.children))


def test_a_child_that_will_not_end_is_made_to(tmp_path: Path) -> None:
    running = Running(tmp_path, "trap '' TERM; while :; do sleep 1; done")
    # Only the first signal counts; an impatient second Ctrl-C does no harm.
    running.process.send_signal(signal.SIGINT)
    with contextlib.suppress(ProcessLookupError):
        running.process.send_signal(signal.SIGINT)

    assert running.result() == "''"
    assert not any(map(lives, running.children))


def test_killing_the_supervisor_leaves_no_child(tmp_path: Path) -> None:
    running = Running(tmp_path, "exec sleep 600")

    running.process.kill()
    running.result()

    wait_until(lambda: not any(map(lives, running.children)))


def test_the_log_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text("before\n")

    Running(tmp_path, "echo now; sleep 1").result()

    assert (tmp_path / "one.log").read_text() == "now\n"
    assert (tmp_path / "one.log.1").read_text() == "before\n"
