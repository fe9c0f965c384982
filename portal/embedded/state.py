"""Remembers where the embedded servers of a data folder listen, for other commands to find them."""

import contextlib
import os
from pathlib import Path

from portal.embedded.processes import lives

FILE = "embedded.env"
KEEPER = "EMBEDDED_PID"


def write(data: Path, addresses: dict[str, str]) -> None:
    """Write the addresses to a file that only its owner can read."""
    path = data / FILE
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        for name, value in {**addresses, KEEPER: str(os.getpid())}.items():
            file.write(f"{name}={value}\n")


def read(data: Path) -> dict[str, str]:
    """Return the addresses of the servers that live in a data folder; empty when none do."""
    try:
        text = (data / FILE).read_text()
    except OSError:
        return {}
    values = {}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator:
            values[name.strip()] = value.strip()
    keeper = values.pop(KEEPER, "")
    return values if keeper.isdigit() and lives(int(keeper)) else {}


def keeper_of(data: Path) -> int | None:
    """Return the id of the process that keeps the servers of a data folder, if it lives."""
    with contextlib.suppress(OSError):
        for line in (data / FILE).read_text().splitlines():
            name, _, value = line.partition("=")
            if name == KEEPER and value.isdigit() and lives(int(value)):
                return int(value)
    return None


def forget(data: Path) -> None:
    """Remove the file."""
    (data / FILE).unlink(missing_ok=True)
