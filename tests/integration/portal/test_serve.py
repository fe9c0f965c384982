"""`make run` without make: everything is prepared, served, and stopped together."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import demo
from portal.embedded.processes import lives
from tests.live.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("processes")]

ROOT = Path(__file__).resolve().parents[3]
FOREIGN = re.compile(r"DATABASE_URL|REDIS_URL|EMAIL_URL|PORTAL_|PYTEST|DJANGO_|.*_KEY|ANSWER_")


def environment(**own: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    return {**kept, **own}


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.1)


class Portal:
    """The portal on a data folder of its own."""

    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="portal-test-"))
        self.data.chmod(0o711)
        self.port = free_port()
        self.output = self.data / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, port: int | None = None, data: Path | None = None) -> dict[str, object]:
        folder = data or self.data
        return {
            "args": [
                *(sys.executable, "-m", "portal.embedded", "--data", str(folder), "--fast"),
                *(sys.executable, "manage.py", "serve"),
            ],
            "cwd": ROOT,
            "env": environment(PORT=str(port or self.port), PORTAL_DATA=str(folder)),
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
        }

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                **self.command(),  # type: ignore[call-overload]  # a mapping of mixed values
                stdout=output,
                start_new_session=True,
            )

    def try_another(self, **other: object) -> str:
        """Start one that cannot run beside this one; return what it says."""
        done = subprocess.run(
            **self.command(**other),  # type: ignore[call-overload, arg-type]  # as above
            stdout=subprocess.PIPE,
            check=False,
            timeout=120,
        )
        assert done.returncode != 0
        return str(done.stdout.decode())

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output.read_text()
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def processes(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                if str(self.data).encode() in words:
                    found.append(int(entry.name))
        return [pid for pid in found if pid != os.getpid() and lives(pid)]

    def named(self, *words: str) -> int:
        for pid in sorted(self.processes()):
            with contextlib.suppress(OSError):  # it may have ended
                line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                if all(word in line for word in words):
                    return pid
        raise AssertionError(f"no process {words}")


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    found = Portal()
    found.start()
    wait_until(found.is_ready)
    wait_until(lambda: "Press Ctrl-C" in found.output.read_text())
    yield found
    if found.process is not None and found.process.poll() is None:
        found.process.send_signal(signal.SIGINT)
        found.process.wait(60)
    shutil.rmtree(found.data, ignore_errors=True)


def test_it_tells_where_it_is_and_who_can_sign_in(portal: Portal) -> None:
    said = portal.output.read_text()

    assert f"The portal is ready at http://localhost:{portal.port}" in said
    assert demo.DEMO_PASSWORD in said
    for person in demo.PEOPLE:
        assert person.user_id in said
    for step in ("Preparing the database", "Loading the catalog", "Adding the demo people"):
        assert f"{step} ... done" in said


def test_it_serves_pages_with_their_styles(portal: Portal) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/", timeout=30) as answer:
        page = answer.read().decode()
    style = re.search(r'href="(/static/uswds/css/uswds\.min\.[0-9a-f]+\.css)"', page)
    assert style is not None
    with urllib.request.urlopen(
        f"http://127.0.0.1:{portal.port}{style.group(1)}", timeout=30
    ) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_second_one_on_the_same_port_says_what_to_do(portal: Portal) -> None:
    other = Path(tempfile.mkdtemp(prefix="portal-test-"))
    other.chmod(0o711)
    try:
        said = portal.try_another(data=other)
    finally:
        shutil.rmtree(other, ignore_errors=True)

    assert f"Port {portal.port} is in use" in said
    assert "make run PORT=" in said


def test_a_second_one_on_the_same_data_says_what_to_do(portal: Portal) -> None:
    said = portal.try_another(port=free_port())

    assert f"A portal already runs on the data folder {portal.data}" in said


def test_the_end_of_the_worker_ends_everything_and_is_told(portal: Portal) -> None:
    assert portal.process is not None
    os.kill(portal.named("celery", "worker"), signal.SIGKILL)

    assert portal.process.wait(60) != 0

    wait_until(lambda: not portal.processes())
    assert "The worker process ended, so everything was stopped" in portal.output.read_text()


def test_the_next_start_has_nothing_left_to_prepare(portal: Portal) -> None:
    portal.start()
    wait_until(portal.is_ready)

    assert " ... " not in portal.output.read_text()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(portal: Portal, how: signal.Signals) -> None:
    if portal.process is None or portal.process.poll() is not None:
        portal.start()
        wait_until(portal.is_ready)
    assert portal.process is not None

    portal.process.send_signal(how)
    portal.process.wait(60)

    wait_until(lambda: not portal.processes())
