"""The embedded Valkey: behind a random password, on loopback only."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

import redis

from portal.embedded import processes, programs
from portal.embedded.errors import EmbeddedError


class Valkey:
    """One Valkey in `folder`, owned by `account`; `throw_away` keeps nothing on disk."""

    def __init__(
        self, folder: Path, *, account: processes.Account, password: str, throw_away: bool
    ) -> None:
        self.folder = folder
        self.account = account
        self.password = password
        self.throw_away = throw_away
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.program = programs.valkey(account)

    @property
    def url(self) -> str:
        """The REDIS_URL of database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        """The file the server writes its messages to."""
        return self.folder.with_name("valkey.log")

    def start(self, port: int = 0) -> subprocess.Popen[bytes]:
        """Start the server and make sure that it is ours; `port` 0 takes any free one.

        Raises EmbeddedError with the end of the server's log.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.account.is_me:
            os.chown(self.folder, self.account.uid, self.account.gid)
        for attempt in range(5):
            self.port = port or processes.free_port()
            self.process = self._launch()
            if self._wait_until_ours(self.process):
                return self.process
            if port or attempt == 4:
                break
        raise EmbeddedError(f"Valkey did not start.\n{self._log_end()}")

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            processes.stop(self.process, seconds=10)

    def _configuration(self) -> Path:
        path = self.folder / "valkey.conf"
        keep = "appendonly yes\nappendfsync everysec" if not self.throw_away else "appendonly no"
        lines = f"""bind 127.0.0.1
port {self.port}
requirepass {self.password}
dir "{self.folder}"
save ""
{keep}
databases 64
maxmemory 256mb
maxmemory-policy volatile-lru
"""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, lines.encode())
        os.close(descriptor)
        if not self.account.is_me:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def _launch(self) -> subprocess.Popen[bytes]:
        configuration = self._configuration()
        with self.log.open("ab") as log:
            return processes.start(
                [self.program, configuration],
                account=self.account,
                own_session=True,
                stdout=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
            )

    def _wait_until_ours(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the server to answer; False when it ended or somebody else answers."""
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            with (
                contextlib.suppress(redis.RedisError),
                redis.Redis(port=self.port, password=self.password, socket_timeout=2) as client,
            ):
                info = client.info("server")
                if isinstance(info, dict) and info["process_id"] == process.pid:
                    return True
            time.sleep(0.03)
        processes.stop(process, seconds=5)
        return False

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""
