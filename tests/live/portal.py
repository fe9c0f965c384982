"""Starts the portal the way a person does, in a data folder of its own, and stops it again."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2
import psycopg2.extras
from redis import Redis

from portal.embedded import state
from tests.live.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv/bin/python"
DEMO_PASSWORD = "Lantern-Quay-2026"
# What a developer's or a test's shell may carry and a person's shell does not.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "AUDIT_KEY", "ANSWER_PEPPER")
FOREIGN_STARTS = ("PORTAL_", "PYTEST_", "MAKE", "MFLAGS", "DJANGO_", "CLOCK_", "COV")


def plain_environment(**own: str) -> dict[str, str]:
    """Return the environment of a shell that knows nothing of tests, with `own` added."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith(FOREIGN_STARTS)
    }
    return {**kept, **own}


class PortalDidNotStartError(RuntimeError):
    """The portal ended, or did not answer in time; the message ends with its output."""


class RunningPortal:
    """`make run` on a free port with fresh data; use as a context manager.

    `environment` is what a person would export before (EMAIL_URL, CLOCK_OFFSET_SECONDS).
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = dict(environment or {})
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.data = Path(tempfile.mkdtemp(prefix="portal-live-"))
        self.data.chmod(0o711)  # the database's account passes through
        self.log = self.data / "run.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._database: psycopg2.extensions.connection | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, *, seconds: float = 150) -> None:
        """Start everything and wait for the first page and a ticking clock.

        Raises PortalDidNotStartError.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["make", "--no-print-directory", "run", f"PORT={self.port}", f"DATA={self.data}"],  # noqa: S607 - make as a person types it
                cwd=ROOT,
                env=plain_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + seconds
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise PortalDidNotStartError(self.output())
            time.sleep(0.1)

    def stop(self) -> None:
        """Press Ctrl-C, wait for the end, remove the data."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._process is not None and self._process.poll() is None:
            group = os.getpgid(self._process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGINT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
                self._process.wait()
        shutil.rmtree(self.data, ignore_errors=True)

    def output(self) -> str:
        """Return the last lines that the portal printed."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])
        return ""

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/readyz", timeout=5) as answer:  # noqa: S310 - our own loopback
                return bool(answer.status == 200)
        except OSError:
            return False

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Read from the portal's database, beside the portal."""
        if self._database is None:
            self._database = psycopg2.connect(
                state.read(self.data)["DATABASE_URL"],
                cursor_factory=psycopg2.extras.RealDictCursor,
            )
            self._database.autocommit = True
        with self._database.cursor() as cursor:
            cursor.execute(statement, values or None)
            return [dict(row) for row in cursor.fetchall()]

    def value(self, statement: str, *values: object) -> Any:
        """Read one value; raises IndexError when there is no row."""
        return next(iter(self.rows(statement, *values)[0].values()))

    def forget(self, key: str) -> None:
        """Take something out of the portal's cache, by the name its code gives it."""
        with Redis.from_url(state.read(self.data)["REDIS_URL"]) as cache:
            cache.delete(f":1:{key}")

    def run(self, module: str, given: object = None) -> Any:
        """Run `main(given)` of a module inside the portal's own settings and return its JSON."""
        return run_inside(
            module,
            given,
            plain_environment(
                **self.environment,
                PORT=str(self.port),
                PORTAL_DATA=str(self.data),
                DJANGO_SETTINGS_MODULE="portal.settings",
            ),
        )


def run_inside(module: str, given: object, environment: Mapping[str, str]) -> Any:
    """Run `main(given)` of a module in a process with the portal's settings; return its JSON.

    Raises RuntimeError with what the process printed.
    """
    done = subprocess.run(
        [PYTHON, "-m", "tests.live.inside", module],
        cwd=ROOT,
        env=dict(environment),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
