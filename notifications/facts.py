"""The facts of a mail, as they wait in the outbox: plain values that JSON can hold.

A mail says what was true when it was written, whenever it is sent. So no object of another room
gets in: rooms above hand over names, numbers and times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from notifications import links

# What PostgreSQL's JSON cannot hold.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def freeze(value: Any, message_id: str) -> Any:
    """Return a value as the outbox keeps it, its links tied to this mail.

    Words that are still to be translated are taken in the language that is active now. Raises
    TypeError for what is no fact.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case str() | Promise():
            return links.bind(_UNSTORABLE.sub("", str(value)), message_id)
        case datetime():
            return {"$time": value.isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case Mapping():
            return {str(name): freeze(one, message_id) for name, one in value.items()}
        case list() | tuple():
            return [freeze(one, message_id) for one in value]
        case _:
            raise TypeError(f"a mail takes facts, not {type(value).__name__}")


def thaw(value: Any) -> Any:
    """Return a kept value as the templates take it."""
    match value:
        case {"$time": text}:
            return datetime.fromisoformat(text)
        case {"$day": text}:
            return date.fromisoformat(text)
        case dict():
            return {name: thaw(one) for name, one in value.items()}
        case list():
            return [thaw(one) for one in value]
        case _:
            return value
