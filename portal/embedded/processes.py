"""Starts child processes that never outlive their parent, and stops them again."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The operating-system account that the database servers run under."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Tell whether no change of account is needed."""
        return self.uid == os.geteuid()


def server_account() -> Account:
    """Return the account for the servers: one's own, or for root an unprivileged one."""
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return Account("", 65534, 65534)


def die_with_parent(death_signal: int) -> Callable[[], None]:
    """Return a function for the child to run before exec: it asks the kernel for a signal.

    Linux clears the wish when the account changes, so it has to be uttered after that, which is
    when `subprocess` runs it. Elsewhere the watcher in `servers.py` does the work.

    The child hears SIGINT even when a shell started us in the background, deaf to it.
    """
    parent = os.getpid()

    def ask() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # died between fork and the wish
            os._exit(1)

    return ask


def start(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    death_signal: int = signal.SIGTERM,
    own_session: bool = False,
    stdout: int | IO[Any] | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | str | None = None,
    stdin: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `death_signal` when this process dies, however it dies.

    `own_session` keeps a Ctrl-C at the terminal away from the child.
    """
    other: dict[str, Any] = {}
    if account is not None and not account.is_me:
        other = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        env=env,
        cwd=cwd,
        start_new_session=own_session,
        preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - no threads run yet
        **other,
    )


def stop(process: subprocess.Popen[bytes], *, by: int = signal.SIGTERM, seconds: float = 20) -> int:
    """Ask a child to end, insist after `seconds`, and return its exit code."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(by)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def lives(pid: int) -> bool:
    """Tell whether a process with this id runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
