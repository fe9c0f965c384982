"""Keeps a copy of every sealed entry in files outside the database, a file for each day.

A database that is restored to an earlier point has forgotten what happened since the backup. The
anchor proves how much that is; the journal says what. Its lines carry the authentication code of
the entry, so that nobody can add one. It is as confidential as a backup.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

import clock
from audit import anchor
from audit.canonical import COLUMNS, mac_of

logger = structlog.get_logger(__name__)

SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Kept:
    """One entry as the journal has it; ``values`` are those of ``canonical.COLUMNS`` by name."""

    seq: int
    values: dict[str, Any]

    @property
    def uid(self) -> uuid.UUID:
        """The key of the entry."""
        return uuid.UUID(self.values["uid"])

    @property
    def at(self) -> datetime:
        """When it happened."""
        moment: datetime = self.values["at"]
        return moment


@dataclass
class Unreadable:
    """How many lines were none: cut off by a crash, changed, or written by somebody else."""

    lines: int = 0


def folder() -> Path:
    """Return the place of the files: beside the anchor."""
    return anchor.path().with_name("audit-journal")


def append(rows: Iterable[tuple[int, Sequence[Any], str]]) -> None:
    """Write down entries that are about to be chained: place, values of ``COLUMNS``, code.

    They are on the disk when this returns. What is never chained after all (the sealer was
    killed) is written down a second time later; entries are told apart by their key. Raises
    OSError: what cannot be written down is not sealed.
    """
    lines = "".join(_line(*row) for row in rows)
    path = folder() / f"{_today().isoformat()}{SUFFIX}"
    is_new = not path.exists()
    if is_new:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
            file.write(b"\n")  # the last line was cut off
        file.write(lines.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _keep_name()


def read(*, unreadable: Unreadable) -> Iterator[Kept]:
    """Yield what the journal has, oldest file first; counts the lines that cannot be believed."""
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        with path.open("rb") as file:
            for line in file:
                if not line.strip():
                    continue
                try:
                    yield _kept(line)
                except (ValueError, KeyError, TypeError):
                    unreadable.lines += 1


def _line(seq: int, values: Sequence[Any], mac: str) -> str:
    named = {"seq": seq, **dict(zip(COLUMNS, values, strict=True)), "mac": mac}
    return json.dumps(named, default=_text, separators=(",", ":")) + "\n"


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _kept(line: bytes) -> Kept:
    content = json.loads(line)
    values = {name: content[name] for name in COLUMNS}
    values["at"] = datetime.fromisoformat(values["at"])
    if mac_of(values.values()) != content["mac"]:
        raise ValueError("the authentication code does not fit")
    return Kept(int(content["seq"]), values)


def _keep_name() -> None:
    """Bring the name of a new file to the disk too."""
    handle = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _today() -> date:
    return clock.now().astimezone(UTC).date()


def _forget_old() -> None:
    """Delete the files whose backup nobody will restore any more.

    Those of the last days on which something was written stay, whatever the clock says: it may
    be wrong by a year for an hour.
    """
    oldest = _today() - timedelta(days=settings.AUDIT_JOURNAL_DAYS)
    files = sorted(folder().glob(f"*{SUFFIX}"))
    for path in files[: -settings.AUDIT_JOURNAL_DAYS]:
        if path.stem < oldest.isoformat():
            path.unlink(missing_ok=True)
            logger.info("audit_journal_forgotten", file=path.name)
