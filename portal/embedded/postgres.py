"""The embedded PostgreSQL: a cluster of its own, behind a random password, on loopback only."""

import contextlib
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from portal.embedded import processes, programs
from portal.embedded.errors import EmbeddedError

USER = "portal"
DATABASE = "portal"
# A database that may be thrown away needs no promise to survive a power cut.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class Postgres:
    """One cluster in `folder`, owned by `account`; `throw_away` trades safety for speed."""

    def __init__(
        self, folder: Path, *, account: processes.Account, password: str, throw_away: bool
    ) -> None:
        self.folder = folder
        self.account = account
        self.password = password
        self.throw_away = throw_away
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.programs = programs.postgres(account)

    @property
    def url(self) -> str:
        """The DATABASE_URL of the portal's database."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, port: int = 0) -> subprocess.Popen[bytes]:
        """Make the cluster when it is not there, start it and make sure that it is ours.

        `port` 0 takes any free one. Raises EmbeddedError with the end of the server's log.
        """
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._wait_for_predecessor()
        for attempt in range(5):
            self.port = port or processes.free_port()
            self.process = self._launch()
            if self._wait_until_ours(self.process):
                self._create_database()
                return self.process
            if port or attempt == 4:
                break
        raise EmbeddedError(f"PostgreSQL did not start.\n{self._log_end()}")

    def stop(self) -> None:
        """Shut the server down in an orderly way (or at once when nothing is to be kept)."""
        if self.process is not None:
            by = signal.SIGQUIT if self.throw_away else signal.SIGINT
            processes.stop(self.process, by=by, seconds=30)

    @property
    def log(self) -> Path:
        """The file the server writes its messages to."""
        return self.folder.with_name("postgres.log")

    def _initialise(self) -> None:
        secret_file = self.folder.with_name(f"password-{secrets.token_hex(4)}")
        descriptor = os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, self.password.encode())
        os.close(descriptor)
        if not self.account.is_me:
            os.chown(secret_file, self.account.uid, self.account.gid)
        command: list[str | Path] = [self.programs.folder / "initdb", "-D", self.folder]
        command += ["-U", USER, "-A", "scram-sha-256", "--pwfile", secret_file, "-E", "UTF8"]
        if self.programs.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            command += ["--locale=C.UTF-8"]
        if self.throw_away:
            command += ["--no-sync"]
        try:
            with self.log.open("ab") as log:
                done = processes.start(
                    command,
                    account=self.account,
                    stdout=log,
                    env=self._environment(),
                    cwd=self.folder.parent,
                )
                if done.wait() != 0:
                    raise EmbeddedError(f"PostgreSQL could not be set up.\n{self._log_end()}")
        finally:
            secret_file.unlink(missing_ok=True)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        return {**kept, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder.parent)}

    def _check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        if int(found.split(".")[0]) != self.programs.major:
            raise EmbeddedError(
                f"The data in {self.folder} is of PostgreSQL {found}, but the installed program "
                f"is version {self.programs.major}. Move the folder away, or restore a dump of it."
            )

    def _wait_for_predecessor(self) -> None:
        """Wait while a server whose parent was killed finishes its orderly shutdown."""
        pid_file = self.folder / "postmaster.pid"
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                pid = int(pid_file.read_text().splitlines()[0])
            except (OSError, ValueError, IndexError):
                return
            if not processes.lives(pid):
                return
            time.sleep(0.1)
        raise EmbeddedError(
            f"Another PostgreSQL (process {pid}) still uses {self.folder}. "
            "Stop it, or choose another data folder with DATA=."
        )

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            f"max_connections={200 if self.throw_away else 100}",
            "shared_buffers=128MB",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off",
            *(THROW_AWAY if self.throw_away else ()),
        ]
        command: list[str | Path] = [self.programs.folder / "postgres", "-D", self.folder]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            return processes.start(
                command,
                account=self.account,
                death_signal=signal.SIGQUIT if self.throw_away else signal.SIGINT,
                own_session=True,
                stdout=log,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
                cwd=self.folder.parent,
            )

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname="postgres",
            connect_timeout=5,
        )

    def _wait_until_ours(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the server to answer; False when it ended or somebody else answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(psycopg2.OperationalError):
                connection = self._connect()
                with contextlib.closing(connection), connection.cursor() as cursor:
                    cursor.execute("show data_directory")
                    row = cursor.fetchone()
                if row and Path(row[0]).resolve() == self.folder.resolve():
                    return True
            time.sleep(0.05)
        processes.stop(process, by=signal.SIGQUIT, seconds=5)
        return False

    def _create_database(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""
