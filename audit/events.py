"""Writes what happened into the log, within the transaction in which it happened."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

import clock
from audit import context
from audit.canonical import clean_json, clean_text, mac_of_entry
from audit.models import TAG_PATTERN, AuditEntry, Outcome
from prepared import Insert

_TAG = re.compile(TAG_PATTERN)
_INSERT = Insert(AuditEntry)

Person = AbstractBaseUser | AnonymousUser | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing to be written; the fields are the arguments of :func:`record`."""

    tag: str
    actor: Person
    target: Model | None
    outcome: str = Outcome.SUCCESS
    reason: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    on_behalf_of: Person = None


def record(
    tag: str,
    *,
    actor: Person,
    target: Model | None,
    outcome: str = Outcome.SUCCESS,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    on_behalf_of: Person = None,
) -> AuditEntry:
    """Write one entry, by exactly one INSERT in the caller's transaction.

    ``tag`` is ``subject:action`` in lower case; ``before`` and ``after`` hold the fields that
    changed and never a secret. Address, request, session and assurance come from
    ``audit.context``. Raises ValueError for a malformed tag or an unknown outcome, and lets a
    database error through: what cannot be recorded must not happen.
    """
    entry = _entry(
        Event(
            tag=tag,
            actor=actor,
            target=target,
            outcome=outcome,
            reason=reason,
            before=before,
            after=after,
            on_behalf_of=on_behalf_of,
        )
    )
    _INSERT.write([entry])
    return entry


def record_many(events: Iterable[Event]) -> list[AuditEntry]:
    """Write many entries by one INSERT in the caller's transaction. Raises as :func:`record`."""
    entries = [_entry(event) for event in events]
    _INSERT.write(entries)
    return entries


def _entry(event: Event) -> AuditEntry:
    tag = str(event.tag)
    if not _TAG.fullmatch(tag):
        raise ValueError(f"an audit tag is subject:action in lower case, not {tag!r}")
    surroundings = context.current()
    actor = _known(event.actor)
    target = event.target
    entry = AuditEntry(
        uid=uuid.uuid4(),
        at=clock.now(),
        tag=tag,
        actor_id=actor.pk if actor else None,
        actor_label=clean_text(actor.get_username() if actor else surroundings.origin, 200),
        on_behalf_of_id=principal.pk if (principal := _known(event.on_behalf_of)) else None,
        target_type=_kind(target),
        target_id=clean_text(target.pk, 64) if target is not None else "",
        target_label=clean_text(target, 200) if target is not None else "",
        before=clean_json(event.before),
        after=clean_json(event.after),
        outcome=Outcome(event.outcome).value,
        reason=clean_text(event.reason),
        address=surroundings.address or None,
        request_id=surroundings.request_id,
        session_hash=surroundings.session_hash,
        assurance=surroundings.assurance,
    )
    entry.mac = mac_of_entry(entry)
    return entry


def _kind(target: Model | None) -> str:
    return "" if target is None else target._meta.label_lower  # noqa: SLF001 - public by documentation


def _known(person: Person) -> AbstractBaseUser | None:
    return person if isinstance(person, AbstractBaseUser) and person.pk else None
