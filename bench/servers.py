"""Starts what the bench needs and stops it again: private servers, databases, both applications."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlparse, urlunparse

import psycopg2
from redis import Redis

from bench import installed, machine
from bench.client import BenchError
from portal.embedded import processes
from portal.embedded.servers import Servers

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
WORKERS = 2
PORTAL_DATABASE = "portal_bench"
LIMIT_DATABASE = "portal_bench_limit"


@dataclass(frozen=True)
class Stage:
    """The private servers and the folder of one run."""

    folder: Path
    postgres: str
    redis: str
    cache: Redis

    def database(self, name: str) -> str:
        """Return the address of a database on the private server."""
        return urlunparse(urlparse(self.postgres)._replace(path=f"/{name}"))

    def environment(self, settings: str, database: str, **more: str) -> dict[str, str]:
        """Return the environment of a process of the portal or of the limit."""
        kept = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
        number = "1" if database == LIMIT_DATABASE else "0"
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.database(database),
            "REDIS_URL": f"{self.redis.rpartition('/')[0]}/{number}",
            "PORTAL_MODE": "demo",
            "PORTAL_DATA": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "LIMIT_ROWS": "25",
            **more,
        }

    def portal_environment(self, **more: str) -> dict[str, str]:
        """Return the environment of the measured portal."""
        return self.environment("bench.settings", PORTAL_DATABASE, **more)

    def limit_environment(self, **more: str) -> dict[str, str]:
        """Return the environment of the limit application."""
        return self.environment("bench.limit.settings", LIMIT_DATABASE, **more)

    def redis_commands(self) -> int:
        """Return how many commands the cache server has processed; asking is one of them."""
        found = self.cache.info("stats")
        assert isinstance(found, dict)
        return int(found["total_commands_processed"])


def refuse_strangers(*addresses: str) -> None:
    """Raise BenchError for an address that is not on this machine."""
    for address in addresses:
        if urlparse(address).hostname not in LOOPBACK:
            raise BenchError(f"the bench works on this machine only, not on {address}")


@contextmanager
def stage() -> Iterator[Stage]:
    """Provide private servers with ordinary durability, and remove everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o711)  # the database's account passes through
    try:
        with Servers(folder) as servers:
            addresses = servers.addresses["DATABASE_URL"], servers.addresses["REDIS_URL"]
            refuse_strangers(*addresses)
            found = Stage(folder, *addresses, Redis.from_url(addresses[1]))
            for name in (PORTAL_DATABASE, LIMIT_DATABASE):
                run_sql(found.postgres, f'create database "{name}"')
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_sql(address: str, sql: str) -> None:
    """Run statements outside a transaction of ours."""
    connection = psycopg2.connect(address)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()


def run_python(environment: dict[str, str], *arguments: str, seconds: float = 300) -> str:
    """Run this Python with arguments in the project and return what it printed.

    Raises BenchError with its output when it fails.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        raise BenchError(
            f"{' '.join(arguments)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return done.stdout


class Application:
    """One application behind gunicorn, with the flags the portal is served with."""

    def __init__(self, name: str, module: str, environment: dict[str, str], log: Path) -> None:
        self.name = name
        self.port = processes.free_port()
        self.log = log
        self._module = module
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self.pids: list[int] = []

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS), self._module]
        with self.log.open("wb") as log:
            self._process = processes.start(
                command,
                stdout=log,
                env={
                    **self._environment,
                    "PORT": str(self.port),
                    "PYTHONPATH": os.pathsep.join(map(str, (installed.SERVED, ROOT))),
                    "BENCH_HIDDEN": installed.hidden(),
                },
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
            )
        try:
            self._wait()
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
        """Stop the server and its workers."""
        if self._process is not None:
            processes.stop(self._process, seconds=10)
            self._process = None

    def cpu_ms(self) -> float:
        """Return the processor time its workers used so far."""
        return machine.cpu_ms(self.pids)

    def pss_mb(self) -> float:
        """Return the memory of the server and its workers."""
        return machine.pss_mb(self.pids)

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
                continue
            self.pids = machine.family(self._process.pid)
            if len(self.pids) > WORKERS:
                return
            time.sleep(0.05)
        raise BenchError(f"{self.name} did not start:\n{self.log.read_text()[-3000:]}")
