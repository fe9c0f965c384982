"""The parts of the portal as processes of their own, to be killed and started again one by one."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2
import psycopg2.extras

from portal.embedded import processes
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
from tests.live.client import Client
from tests.live.portal import PYTHON, ROOT, plain_environment, run_inside
from tests.live.ports import free_port

PARTS = ("web", "worker", "beat")
SECRET = "drill-secret-0123456789-0123456789-0123456789-0123456789"


class Stack:
    """PostgreSQL, Valkey, web server, worker and beat, on free ports of loopback.

    `mail_port` is where the portal delivers mail, `environment` what its processes are told
    besides. Use as a context manager; only its own processes are ever touched.
    """

    def __init__(self, *, mail_port: int, environment: Mapping[str, str] | None = None) -> None:
        self.told = dict(environment or {})
        self.data = Path(tempfile.mkdtemp(prefix="portal-drill-"))
        self.data.chmod(0o711)
        account = processes.server_account()
        for name in ("cluster", "valkey"):
            folder = self.data / name
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, account.gid)
        self.postgres = Postgres(
            self.data / "cluster", account=account, password="drill", throw_away=False
        )
        self.valkey = Valkey(
            self.data / "valkey", account=account, password="drill", throw_away=False
        )
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.mail_port = mail_port
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self._database: psycopg2.extensions.connection | None = None

    def __enter__(self) -> Self:
        try:
            self.postgres.start()
            self.valkey.start()
            for command in (
                ["collectstatic", "--noinput"],
                ["migrate"],
                ["load_catalog"],
                ["load_demo"],
            ):
                self.manage(*command)
            for part in PARTS:
                self.start(part)
            self.wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs and remove the data."""
        if self._database is not None:
            self._database.close()
        for part in reversed(list(self.parts)):
            self.kill(part)
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What the portal's processes are told."""
        own = plain_environment(
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.valkey.url,
            EMAIL_URL=f"smtp://127.0.0.1:{self.mail_port}",
            PORTAL_DATA=str(self.data),
            PORT=str(self.port),
            SECRET_KEY=SECRET,
            AUDIT_KEY=f"audit-{SECRET}",
            ANSWER_PEPPER=f"pepper-{SECRET}",
            DJANGO_SETTINGS_MODULE="portal.settings",
        )
        return {**own, **self.told}

    def manage(self, *command: str) -> str:
        """Run a management command; raises RuntimeError with its output."""
        done = subprocess.run(
            [PYTHON, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def run(self, module: str, given: object = None) -> Any:
        """Run `main(given)` of a module inside the portal's settings and return its JSON."""
        return run_inside(module, given, self.environment)

    # --- parts ---

    def _command(self, part: str) -> list[str]:
        celery = [str(PYTHON), "-m", "celery", "-A", "portal"]
        quiet = ["--without-gossip", "--without-mingle"]
        return {
            "web": [
                str(PYTHON),
                *["-m", "gunicorn", "--config", "python:portal.gunicorn", "portal.wsgi"],
            ],
            "worker": [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "1", *quiet],
            "beat": [*celery, "beat", "--loglevel", "WARNING"],
        }[part]

    def start(self, part: str, **environment: str) -> None:
        """Start web, worker or beat in a process group of its own; it may be told more."""
        with (self.data / f"{part}.log").open("ab") as log:
            self.parts[part] = processes.start(
                self._command(part),
                env={**self.environment, **environment},
                cwd=ROOT,
                stdout=log,
                stdin=subprocess.DEVNULL,
                own_session=True,
                death_signal=signal.SIGKILL,
            )

    def kill(self, part: str) -> None:
        """`kill -9` a part and its children."""
        process = self.parts.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def children(self, part: str) -> list[int]:
        """Return the process ids of a part's children."""
        pid = self.parts[part].pid
        with contextlib.suppress(OSError):
            path = Path(f"/proc/{pid}/task/{pid}/children")
            return [int(child) for child in path.read_text().split()]
        return []

    def kill_postgres(self) -> None:
        """`kill -9` the whole database, the postmaster first."""
        process = self.postgres.process
        assert process is not None
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        process.wait()
        self._database = None

    def start_postgres(self) -> bool:
        """Start the database again where it was, as an operator would; False when it runs."""
        self._database = None
        process = self.postgres.process
        if process is None or process.poll() is None:
            return False
        self.postgres.start(self.postgres.port)
        return True

    def lose_postgres(self) -> None:
        """Throw the cluster away; where it was there is an empty one."""
        self.postgres.stop()
        self._database = None
        for inside in self.postgres.folder.iterdir():
            shutil.rmtree(inside) if inside.is_dir() else inside.unlink()
        self.postgres.start(self.postgres.port)

    def wipe_valkey(self) -> None:
        """Start the broker and cache anew, with nothing in it."""
        self.kill_valkey()
        shutil.rmtree(self.valkey.folder)
        self.valkey.start(self.valkey.port)

    def kill_valkey(self) -> None:
        """`kill -9` the broker and cache."""
        assert self.valkey.process is not None
        self.valkey.process.kill()
        self.valkey.process.wait()

    def signal_valkey(self, number: int) -> None:
        """Freeze (SIGSTOP) or thaw (SIGCONT) the broker and cache."""
        assert self.valkey.process is not None
        self.valkey.process.send_signal(number)

    # --- looking ---

    def client(self, *, seconds: float = 30) -> Client:
        """Return a browser of somebody new."""
        return Client(self.origin, seconds=seconds)

    def wait_until_ready(self, *, seconds: float = 90) -> None:
        """Wait for the readiness page; raises TimeoutError with the last answer and the logs."""
        last = "no answer"

        def is_ready() -> bool:
            nonlocal last
            try:
                answer = self.client(seconds=5).get("/readyz")
            except OSError as error:
                last = str(error)
                return False
            last = answer.text
            return answer.status == 200

        if not wait_until(is_ready, seconds=seconds):
            raise TimeoutError(f"{last}\n{self.logs()}")

    def logs(self) -> str:
        """Return the end of every log."""
        ends = []
        for path in sorted(self.data.glob("*.log")):
            ends.append(f"--- {path.name}")
            ends += path.read_text(errors="replace").splitlines()[-15:]
        return "\n".join(ends)

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Read from the database, beside the portal."""
        with self._connection().cursor() as cursor:
            cursor.execute(statement, values or None)
            return [dict(row) for row in cursor.fetchall()]

    def execute(self, statement: str) -> None:
        """Change something in the database that only its administrator can."""
        with self._connection().cursor() as cursor:
            cursor.execute(statement)

    def forget_connection(self) -> None:
        """Connect anew the next time: the database has gone."""
        self._database = None

    def _connection(self) -> psycopg2.extensions.connection:
        if self._database is None or self._database.closed:
            self._database = psycopg2.connect(
                self.postgres.url, cursor_factory=psycopg2.extras.RealDictCursor
            )
            self._database.autocommit = True
        return self._database

    def value(self, statement: str, *values: object) -> Any:
        """Read one value."""
        return next(iter(self.rows(statement, *values)[0].values()))


def wait_until(is_so: Any, *, seconds: float, every: float = 0.1) -> bool:
    """Ask again and again until the answer is yes; tell whether it came in time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True
