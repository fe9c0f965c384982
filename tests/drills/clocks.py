"""Clocks of the portal's processes that a drill sets while they run; see `moved_clock.c`."""

import shutil
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.drills.stack import PARTS, Stack
from tests.live.client import Client

SOURCE = Path(__file__).with_name("moved_clock.c")


def absent() -> str:
    """Return why no clock can be moved here; empty when it can."""
    if not sys.platform.startswith("linux"):
        return "clocks are moved in the way of Linux"
    return "" if shutil.which("cc") else "a C compiler (cc) is needed to move clocks"


class Clocks:
    """One clock for each part, in files of `folder`; other commands go by that of the web."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._library = folder / "moved_clock.so"
        compiler = shutil.which("cc")
        assert compiler is not None
        command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE)]
        subprocess.run([*command, "-ldl"], check=True)
        self._files = {part: folder / part for part in PARTS}
        self._ahead = dict.fromkeys(PARTS, 0.0)
        self.set(0)

    def environment(self, part: str) -> dict[str, str]:
        """What a process is told so that it goes by the clock of this part."""
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK": str(self._files[part])}

    def set(self, seconds: float, *parts: str) -> None:
        """Put clocks so far ahead of the real one (or behind it); without a name, all of them."""
        for part in parts or PARTS:
            file = self._files[part]
            with file.open("r+b" if file.exists() else "xb", buffering=0) as opened:
                opened.write(struct.pack("=q", round(seconds * 1e9)))
            self._ahead[part] = seconds

    def set_to(self, moment: datetime) -> None:
        """Put all clocks to a moment."""
        self.set(moment.timestamp() - time.time())

    def ahead(self, part: str = "web") -> float:
        """How many seconds a clock is ahead of the real one."""
        return self._ahead[part]

    def now(self, part: str = "web") -> datetime:
        """What a clock shows."""
        return datetime.fromtimestamp(time.time() + self._ahead[part], tz=UTC)


class ClockedStack(Stack):
    """A portal whose clocks can be moved; people's apps go by the clock of the web."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.clocks = Clocks(self.data / "clocks")

    @property
    def environment(self) -> dict[str, str]:
        """What the portal's processes are told, and which clock they see."""
        return {**super().environment, **self.clocks.environment("web")}

    def start(self, part: str, **environment: str) -> None:
        """Start a part with its own clock."""
        super().start(part, **self.clocks.environment(part), **environment)

    def client(self, *, seconds: float = 30) -> Client:
        """Return a browser of somebody new, whose watch shows what the portal's does."""
        client = super().client(seconds=seconds)
        client.ahead = self.clocks.ahead()
        return client
