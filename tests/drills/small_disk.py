"""A disk so small that a drill can fill it: a file system in memory, where data will lie."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.embedded import processes

FILLER = "filler"
PIECES = (1 << 20, 4096, 1)  # a full disk has no room for the smallest of them


def absent() -> str:
    """Return why this machine lets us mount nothing; empty when it does."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "only root on Linux may mount a small disk"
    if shutil.which("mount") is None or shutil.which("umount") is None:
        return "there is no mount program here"
    return ""


class SmallDisk:
    """So many megabytes at `folder`, owned by the servers' account; use as a context manager.

    Raises OSError when the machine refuses (a container without the right to mount).
    """

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder = folder
        self.megabytes = megabytes

    def __enter__(self) -> Self:
        account = processes.server_account()
        self.folder.mkdir(exist_ok=True)
        options = f"size={self.megabytes}m,mode=0700,uid={account.uid},gid={account.gid}"
        _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _run("umount", "--lazy", str(self.folder))
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    @property
    def free(self) -> int:
        """How many bytes are left."""
        return shutil.disk_usage(self.folder).free

    def fill(self) -> None:
        """Take all the room that is left, to the last page."""
        with (self.folder / FILLER).open("ab", buffering=0) as filler:
            for piece in PIECES:
                while _took(filler.fileno(), piece):
                    pass

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / FILLER).unlink(missing_ok=True)


def _took(descriptor: int, size: int) -> bool:
    try:
        return os.write(descriptor, bytes(size)) > 0
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return False
        raise


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    assert found is not None
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{program} says: {done.stderr.strip()}")
