"""Chains committed entries, in the order in which the sealer sees them.

Sealing follows the commit instead of taking part in it: a chain that is extended inside each
transaction would make fifty parallel decisions wait in one line. The price is a window of a few
seconds (``tasks.seal`` runs every five) in which an entry has its authentication code but no
place in the chain yet; within it an entry can be removed without a trace, though not forged,
copied or changed. ``verification`` reports whatever stays unsealed for longer.
"""

from __future__ import annotations

from django.db import connection, transaction

from audit import anchor, journal
from audit.anchor import Head
from audit.canonical import COLUMNS, link_hash
from audit.models import AuditEntry, AuditLink, UnsealedEntry

CHUNK = 5_000
_LOCK = 0x61756469  # "audi": one sealer at a time


def seal(*, chunk: int = CHUNK) -> int:
    """Chain all waiting entries, ``chunk`` to a transaction, and anchor the head in a file.

    Each entry is copied to the journal before it is chained. Returns how many were chained. Does
    nothing while another sealer is at work. An entry that becomes visible late is chained late:
    order is the order of sealing, not of ids.
    """
    sealed = 0
    anchor.begin(head=head())
    while count := _seal_chunk(chunk):
        sealed += count
    _move_anchor()
    return sealed


def head() -> Head:
    """Return the last link of the chain, or ``anchor.EMPTY`` when nothing is chained yet."""
    row = AuditLink.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*row) if row else anchor.EMPTY


@transaction.atomic
def _move_anchor() -> None:
    """Move the anchor while nobody seals, so that it never goes backwards."""
    if _alone():
        anchor.advance(head=head(), hash_at=_hash_at)


def _hash_at(seq: int) -> str | None:
    return AuditLink.objects.filter(seq=seq).values_list("hash", flat=True).first()


@transaction.atomic
def _seal_chunk(chunk: int) -> int:
    if not _alone():
        return 0
    waiting = list(
        AuditEntry.objects.filter(pk__in=UnsealedEntry.objects.values("pk"))
        .order_by("pk")
        .values_list("pk", "mac", *COLUMNS)[:chunk]
    )
    if not waiting:
        return 0
    last = head()
    links, copies = [], []
    for entry_id, mac, *values in waiting:
        seq = last.seq + 1
        digest = link_hash(seq=seq, entry_id=entry_id, mac=mac, prev_hash=last.hash)
        links.append(AuditLink(seq=seq, entry_id=entry_id, prev_hash=last.hash, hash=digest))
        copies.append((seq, values, mac))
        last = Head(seq, digest)
    journal.append(copies)
    AuditLink.objects.bulk_create(links)
    UnsealedEntry.objects.filter(pk__in=[entry_id for entry_id, *_ in waiting]).delete()
    return len(links)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (got,) = cursor.fetchone()
    return bool(got)
