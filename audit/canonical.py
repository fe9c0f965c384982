"""The one written form of an entry: cleaned values, canonical bytes, authentication codes."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from audit.models import AuditEntry

FORM = 1
"""Version of the canonical form; it is part of what is authenticated."""

COLUMNS = (
    "uid",
    "at",
    "tag",
    "actor_id",
    "actor_label",
    "on_behalf_of_id",
    "target_type",
    "target_id",
    "target_label",
    "before",
    "after",
    "outcome",
    "reason",
    "address",
    "request_id",
    "session_hash",
    "assurance",
)


def clean_text(value: object, limit: int | None = None) -> str:
    """``value`` as text that the database can hold: without NUL and lone surrogates."""
    text = str(value).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return text if limit is None else text[:limit]


def clean_json(value: Any) -> Any:
    """``value`` as JSON that reads back exactly as it was written.

    Whatever is not an object, a list, text, a whole number or a truth value becomes text:
    PostgreSQL may write a fraction in another way than it was given.
    """
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int:
        return value
    if isinstance(value, Mapping):
        return {clean_text(key): clean_json(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [clean_json(item) for item in value]
    return clean_text(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or isinstance(value, str | int | dict | list):
        return value
    return str(value)


def canonical(values: Iterable[Any]) -> bytes:
    """Return the bytes that are authenticated, for the values of ``COLUMNS`` in that order."""
    row = [_plain(value) for value in values]
    address = COLUMNS.index("address")
    if row[address] is not None:
        # The database may write an IPv6 address in another way; the number stays the same.
        row[address] = ip_address(row[address]).packed.hex()
    return json.dumps([FORM, *row], sort_keys=True, separators=(",", ":")).encode("ascii")


def mac_of(values: Iterable[Any]) -> str:
    """HMAC-SHA256 of an entry, for the values of ``COLUMNS`` in that order, as hex digits."""
    return _hmac(b"entry:" + canonical(values))


def mac_of_entry(entry: AuditEntry) -> str:
    """HMAC-SHA256 of an entry in memory, as hex digits."""
    return mac_of(getattr(entry, column) for column in COLUMNS)


def link_hash(*, seq: int, entry_id: int, mac: str, prev_hash: str) -> str:
    """Hash of one link of the chain, as hex digits; it covers the entry and all links before."""
    return _hmac(f"link:{FORM}:{seq}:{entry_id}:{mac}:{prev_hash}".encode("ascii", "replace"))


def _hmac(message: bytes) -> str:
    return hmac.digest(settings.AUDIT_KEY.encode(), message, "sha256").hex()
