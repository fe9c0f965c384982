"""Finds entries of the audit log for an auditor, and lets them be taken away as a file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import anchor, events
from audit.models import AuditEntry, AuditLink, UnsealedEntry
from support import policies
from support.audit_tags import Tag

CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What an auditor looks for; an empty part filters nothing. ``before`` is exclusive."""

    tag: str = ""
    actor_key: str = ""
    target: str = ""
    since: datetime | None = None
    before: datetime | None = None
    outcome: str = ""
    text: str = ""

    def describe(self) -> dict[str, str]:
        """Return the parts in use, for the log itself."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class ChainStatus:
    """How far the chain of seals has come, without recomputing it."""

    sealed: int
    waiting: int
    head: str
    anchored: bool


def find(*, wanted: Filter) -> QuerySet[AuditEntry]:
    """Return the entries that match, in no order yet."""
    entries = AuditEntry.objects.all()
    if wanted.tag:
        entries = entries.filter(tag=wanted.tag)
    if wanted.actor_key:
        person = User.objects.filter(user_id_key=wanted.actor_key).values_list("pk", flat=True)
        pk = person.first()
        if pk is None:
            return entries.none()
        entries = entries.filter(Q(actor_id=pk) | Q(on_behalf_of_id=pk))
    if wanted.target:
        entries = entries.filter(
            Q(target_label__icontains=wanted.target) | Q(target_id=wanted.target[:64])
        )
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.before:
        entries = entries.filter(at__lt=wanted.before)
    if wanted.outcome:
        entries = entries.filter(outcome=wanted.outcome)
    if wanted.text:
        entries = entries.filter(
            Q(reason__icontains=wanted.text)
            | Q(actor_label__icontains=wanted.text)
            | Q(target_label__icontains=wanted.text)
        )
    return entries


def chain_status() -> ChainStatus:
    """Return where the chain stands (two queries and one small file).

    ``anchored`` says that the anchor outside the database names a link that is there with the
    same hash; ``manage.py audit_verify`` recomputes everything.
    """
    try:
        anchored = anchor.read()
        readable = True
    except anchor.AnchorError:
        anchored, readable = None, False
    # The chain is read after its anchor, so that a seal set in between alarms nobody.
    head = AuditLink.objects.order_by("-seq").first()
    return ChainStatus(
        sealed=head.seq if head else 0,
        waiting=UnsealedEntry.objects.count(),
        head=head.hash if head else "",
        anchored=readable and _holds(anchored or anchor.EMPTY, head),
    )


def _holds(anchored: anchor.Head, head: AuditLink | None) -> bool:
    """Say whether the chain up to ``head`` holds the anchored link, with the same hash."""
    if head is None or anchored == anchor.EMPTY:
        return head is None and anchored == anchor.EMPTY
    if anchored.seq == head.seq:
        return anchored.hash == head.hash
    return AuditLink.objects.filter(seq=anchored.seq, hash=anchored.hash).exists()


def header() -> list[str]:
    """Return the names of the columns of an export."""
    return [
        _("Number"),
        _("Time"),
        _("Event"),
        _("Outcome"),
        _("Actor"),
        _("On behalf of"),
        _("Kind of object"),
        _("Object key"),
        _("Object"),
        _("Reason"),
        _("Before"),
        _("After"),
        _("Network address"),
        _("Request"),
        _("Session"),
        _("Assurance"),
        _("Authentication code"),
    ]


@transaction.atomic
def export(*, actor: User, wanted: Filter) -> Iterator[tuple[Any, ...]]:
    """Record the export, then return the matching entries as rows, newest first.

    The rows end at the entry that was newest before the export was recorded.
    Raises Refusal for somebody who is not an auditor.
    """
    policies.may_read_audit_log(actor).or_raise()
    entry = events.record(Tag.EXPORT_LOG, actor=actor, target=None, after=wanted.describe())
    entries = find(wanted=wanted).filter(pk__lt=entry.pk).order_by("-pk")
    return _rows(entries)


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries.select_related("on_behalf_of").iterator(chunk_size=CHUNK):
        yield (
            entry.pk,
            entry.at,
            entry.tag,
            entry.outcome,
            entry.actor_label,
            entry.on_behalf_of or "",
            entry.target_type,
            entry.target_id,
            entry.target_label,
            entry.reason,
            "" if entry.before is None else entry.before,
            "" if entry.after is None else entry.after,
            entry.address or "",
            entry.request_id,
            entry.session_hash,
            entry.assurance,
            entry.mac,
        )
