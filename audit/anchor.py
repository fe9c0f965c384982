"""Keeps the head of the chain in a file outside the database, so that a cut tail is seen."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings

import clock

logger = structlog.get_logger(__name__)


class Head(NamedTuple):
    """The last link of the chain: its place and its hash."""

    seq: int
    hash: str


EMPTY = Head(0, "")


class AnchorError(Exception):
    """The anchor file cannot be read as one."""


def path() -> Path:
    """Return the place of the anchor file."""
    return Path(settings.AUDIT_ANCHOR_PATH)


def read() -> Head | None:
    """Return the anchored head, or None without a file. Raises AnchorError for another content."""
    try:
        content = json.loads(path().read_text())
        return Head(int(content["seq"]), str(content["hash"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnchorError(str(error)) from error


def write(head: Head) -> None:
    """Replace the anchor in one step, so that a crash leaves the old one or the new one."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"seq": head.seq, "hash": head.hash, "at": clock.now().isoformat()}
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def begin(*, head: Head) -> None:
    """Drop the anchor before the first link is made, so that a chain without one is suspicious."""
    if head == EMPTY and not path().exists():
        write(EMPTY)


def advance(*, head: Head, hash_at: Callable[[int], str | None]) -> None:
    """Move the anchor on to ``head``, unless that would cover up that the chain was changed.

    A file that is missing or that the chain contradicts stays as the evidence it is.
    """
    try:
        anchored = read()
    except AnchorError:
        logger.warning("audit_anchor_unreadable", path=str(path()))
        return
    if anchored is None:
        if head != EMPTY:
            logger.error("audit_anchor_missing", path=str(path()))
    elif anchored != EMPTY and hash_at(anchored.seq) != anchored.hash:
        logger.error("audit_anchor_contradicted", anchored=anchored.seq, head=head.seq)
    elif anchored.seq < head.seq:
        write(head)
        logger.info("audit_head", seq=head.seq, hash=head.hash)
