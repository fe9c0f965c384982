"""Runs several programs as one: all live, or all are stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from portal.embedded import processes
from portal.embedded.watcher import Watcher

SECONDS_TO_STOP = 20


class Supervisor:
    """Starts children by name, notices the first that ends, and stops the rest; a `with` block.

    SIGINT, SIGTERM and SIGHUP end it in the orderly way. Children live in sessions of their own,
    so that a Ctrl-C at the terminal reaches them through here, once and in the right order.
    """

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self._parent = os.getppid()
        self._watcher = Watcher()
        self.signal: int | None = None

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        """Start a child that writes to a log of its own; the log before is kept as `.1`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(f"{log.suffix}.1"))
        with log.open("wb") as output:
            child = processes.start(
                command,
                own_session=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                env=dict(environment),
            )
        self._watcher.tell(child)
        self.children[name] = child

    def wait(self, seconds: float | None = None) -> str | None:
        """Wait until a child ends or a signal comes, at most `seconds` when given.

        Returns the name of a child that ended, "" for a signal (or when our own parent died),
        None when the time is over.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while self.signal is None and os.getppid() == self._parent:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            if until is not None and time.monotonic() > until:
                return None
            # No event to be woken by: setting one in a signal handler can wait for itself.
            time.sleep(0.2)
        return ""

    def stop(self) -> None:
        """Ask every child to end, the last started first, and insist after a while."""
        for child in reversed(self.children.values()):
            with contextlib.suppress(ProcessLookupError):
                if child.poll() is None:
                    child.terminate()
        until = time.monotonic() + SECONDS_TO_STOP
        for child in self.children.values():
            processes.stop(child, seconds=max(0.1, until - time.monotonic()))
        self._watcher.dismiss()

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
