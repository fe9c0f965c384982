"""Both embedded servers together with their data folder, from start to a clean end."""

import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from portal.embedded import processes, programs, state
from portal.embedded.errors import EmbeddedError
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
from portal.embedded.watcher import Watcher


class Servers:
    """The servers a portal lacks, running while the `with` block lasts.

    `data` is the folder to keep everything in; None takes a folder of its own and removes it at
    the end. `throw_away` trades durability for speed (tests). `wanted` names the addresses to
    provide: DATABASE_URL, REDIS_URL or both. Raises EmbeddedError on entering.
    """

    def __init__(
        self,
        data: Path | None = None,
        *,
        throw_away: bool = False,
        wanted: tuple[str, ...] = ("DATABASE_URL", "REDIS_URL"),
        postgres_port: int = 0,
        valkey_port: int = 0,
    ) -> None:
        self.temporary = data is None
        self.throw_away = throw_away or self.temporary
        self.wanted = wanted
        self.ports = (postgres_port, valkey_port)
        self.account = processes.server_account()
        self.data = Path(tempfile.mkdtemp(prefix="portal-")) if data is None else data.absolute()
        self.addresses: dict[str, str] = {}
        self._running: list[Postgres | Valkey] = []
        self._watcher: Watcher | None = None
        self._lock: IO[str] | None = None
        self._staged: Path | None = None

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self._start()
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

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Have a process stopped, too, when this one dies."""
        if self._watcher is not None:
            self._watcher.tell(process)

    def close(self) -> None:
        """Stop what runs and clear away what is not to be kept."""
        for server in reversed(self._running):
            server.stop()
        self._running.clear()
        if self._watcher is not None:
            self._watcher.dismiss()
            self._watcher = None
        if self._lock is not None:
            state.forget(self.data)
            self._lock.close()
            self._lock = None
        if self.temporary:
            for folder in filter(None, (self.data, self._staged)):
                shutil.rmtree(folder, ignore_errors=True)

    def _prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if self.temporary:
            self.data.chmod(0o711)  # the servers' account passes through, nobody looks in
        self._lock = (self.data / "embedded.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise EmbeddedError(
                f"The data folder {self.data} is in use by another running portal. "
                "Stop that one, or choose another folder with DATA=."
            ) from None

    def _home(self) -> Path:
        """Return the folder the servers write to, one that their account can enter."""
        home = self.data / "servers"
        if not programs.reachable(self.data, self.account):
            home = self._staged = programs.stage_for(self.data)
            home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            self._set_aside_orphan(home)
        home.mkdir(mode=0o755, exist_ok=True)
        for name in ("cluster", "valkey"):
            folder = home / name
            folder.mkdir(mode=0o700, exist_ok=True)
            owner = folder.stat().st_uid
            if owner == self.account.uid:
                continue
            if os.geteuid() != 0:
                raise EmbeddedError(
                    f"{folder} belongs to another account. Start as that account (or as root), "
                    "or choose another data folder with DATA=."
                )
            self._hand_over(folder)
        return home

    def _set_aside_orphan(self, home: Path) -> None:
        """Move servers' data away whose data folder, with their passwords, was deleted."""
        if home.exists() and not (self.data / "secrets" / "postgres").exists():
            home.rename(home.with_name(f"{home.name}.orphan-{secrets.token_hex(4)}"))

    def _hand_over(self, folder: Path) -> None:
        """Give a folder that another account used before to the servers' account."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def _password(self, name: str) -> str:
        """Return the password of a server, made on first use and kept where only we can read."""
        folder = self.data / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / name
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def _start(self) -> None:
        self._watcher = watcher = Watcher(self.data if self.temporary else None)
        home = self._home()
        if "DATABASE_URL" in self.wanted:
            postgres = Postgres(
                home / "cluster",
                account=self.account,
                password=self._password("postgres"),
                throw_away=self.throw_away,
            )
            self._running.append(postgres)
            watcher.tell(postgres.start(self.ports[0]), "INT")
            self.addresses["DATABASE_URL"] = postgres.url
        if "REDIS_URL" in self.wanted:
            valkey = Valkey(
                home / "valkey",
                account=self.account,
                password=self._password("valkey"),
                throw_away=self.throw_away,
            )
            self._running.append(valkey)
            watcher.tell(valkey.start(self.ports[1]))
            self.addresses["REDIS_URL"] = valkey.url
        state.write(self.data, self.addresses)
