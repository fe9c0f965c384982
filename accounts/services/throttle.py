"""Limits attempts: each is reserved in PostgreSQL by one atomic statement before it is judged."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import functions

import clock
from accounts.models import ThrottleCounter
from prepared import Statement

Purpose = ThrottleCounter.Purpose


@dataclass(frozen=True)
class Bucket:
    """One counter: at most ``limit`` attempts in ``window``, then closed for ``lock``."""

    purpose: Purpose
    name: str
    limit: int
    window: timedelta
    lock: timedelta

    @property
    def key_hash(self) -> str:
        """What the table keeps of the name, so that typed User IDs are not collected."""
        message = f"throttle:{self.purpose}:{self.name}".encode(errors="replace")
        return hmac.digest(settings.SECRET_KEY.encode(), message, "sha256").hex()


@dataclass(frozen=True)
class Reservation:
    """The place an attempt got in its bucket."""

    attempt: int
    limit: int
    closed_until: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the attempt may be judged."""
        return self.attempt <= self.limit

    @property
    def is_last(self) -> bool:
        """Whether this attempt was the last one before the bucket closed."""
        return self.attempt == self.limit


# Nobody waits for the disk: what a crash of PostgreSQL itself can lose is the last half second of
# counting. A closed bucket keeps attempts = limit + 1 and its end: trying on does not lengthen it.
_RESERVE = Statement.named("""
WITH wanted (purpose, key_hash, top, window_from, closes_until) AS (
    SELECT * FROM unnest(%(purposes)s::text[], %(keys)s::text[], %(limits)s::int[],
                         %(since)s::timestamptz[], %(until)s::timestamptz[])
)
INSERT INTO accounts_throttlecounter AS c
       (purpose, key_hash, attempts, window_started_at, closed_until)
SELECT purpose, key_hash, 1, %(now)s::timestamptz, CASE WHEN top <= 1 THEN closes_until END
  FROM wanted, (SELECT set_config('synchronous_commit', 'off', true)) AS quick
 ORDER BY purpose DESC, key_hash
ON CONFLICT (purpose, key_hash) DO UPDATE SET (attempts, window_started_at, closed_until) = (
    SELECT CASE WHEN fresh THEN 1 ELSE least(c.attempts + 1, w.top + 1) END,
           CASE WHEN fresh THEN excluded.window_started_at ELSE c.window_started_at END,
           CASE WHEN fresh THEN CASE WHEN w.top <= 1 THEN w.closes_until END
                WHEN c.attempts + 1 = w.top THEN w.closes_until
                ELSE c.closed_until END
      FROM wanted w,
           LATERAL (SELECT CASE WHEN c.closed_until IS NOT NULL
                                THEN c.closed_until <= excluded.window_started_at
                                ELSE c.window_started_at <= w.window_from END AS fresh) AS state
     WHERE w.purpose = excluded.purpose AND w.key_hash = excluded.key_hash)
RETURNING purpose, attempts, closed_until
""")


def reserve(buckets: Sequence[Bucket]) -> dict[Purpose, Reservation]:
    """Count one attempt in every bucket, in one statement, and say which of them were open.

    Of any number of attempts at once exactly ``limit`` find their bucket open. Must not run in
    a longer transaction: the rows stay locked until its end.
    """
    now = clock.now()
    found = _RESERVE.rows(
        {
            "purposes": [str(bucket.purpose) for bucket in buckets],
            "keys": [bucket.key_hash for bucket in buckets],
            "limits": [bucket.limit for bucket in buckets],
            "since": [now - bucket.window for bucket in buckets],
            "until": [now + bucket.lock for bucket in buckets],
            "now": now,
        }
    )
    rows = {purpose: (attempts, until) for purpose, attempts, until in found}
    return {
        bucket.purpose: Reservation(rows[bucket.purpose][0], bucket.limit, rows[bucket.purpose][1])
        for bucket in buckets
    }


def is_allowed(bucket: Bucket) -> bool:
    """Reserve in one bucket and say whether the attempt may go on."""
    return reserve([bucket])[bucket.purpose].is_open


def closed_until(bucket: Bucket) -> datetime | None:
    """When a closed bucket opens again, or None while it is open; counts nothing."""
    return (
        ThrottleCounter.objects.filter(
            purpose=bucket.purpose, key_hash=bucket.key_hash, closed_until__gt=clock.now()
        )
        .values_list("closed_until", flat=True)
        .first()
    )


def clear(bucket: Bucket) -> None:
    """Forget the attempts of one bucket, and of no other."""
    ThrottleCounter.objects.filter(purpose=bucket.purpose, key_hash=bucket.key_hash).delete()


# Deleted first, as in accounts.services.opening: accounts are locked before addresses. Here too
# nobody waits for the disk; see `settle`.
_SETTLE = Statement.named("""
WITH cleared AS (
    DELETE FROM accounts_throttlecounter
     WHERE (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
           AND purpose = %(purpose)s::text AND key_hash = %(key)s::text RETURNING id
)
UPDATE accounts_throttlecounter AS c
   SET attempts = least(c.attempts, b.top) - 1, closed_until = NULL
  FROM unnest(%(purposes)s::text[], %(keys)s::text[], %(limits)s::int[])
       AS b (purpose, key_hash, top)
 WHERE c.purpose = b.purpose AND c.key_hash = b.key_hash
       AND c.attempts > 0 AND (SELECT count(*) FROM cleared) >= 0
RETURNING c.id
""")


def settle(account: Bucket, others: Sequence[Bucket]) -> None:
    """Clear the bucket of an account and give the others their attempt back, in one statement.

    The transaction around it returns before it is on the disk: nothing opens by it, and whatever
    opens something afterwards is durable, and all before it with it.
    """
    _SETTLE.rows(
        {
            "purpose": str(account.purpose),
            "key": account.key_hash,
            "purposes": [str(bucket.purpose) for bucket in others],
            "keys": [bucket.key_hash for bucket in others],
            "limits": [bucket.limit for bucket in others],
        }
    )


def give_back(bucket: Bucket) -> None:
    """Take one reserved attempt back that turned out to be no failure.

    Those refused meanwhile, which stand as one above the limit, were not judged and go with it.
    """
    ThrottleCounter.objects.filter(
        purpose=bucket.purpose, key_hash=bucket.key_hash, attempts__gt=0
    ).update(
        attempts=functions.Least(models.F("attempts"), bucket.limit) - 1,
        closed_until=None,
    )


def delete_stale() -> int:
    """Delete counters whose window and lock are long over; returns how many."""
    before = clock.now() - timedelta(days=2)
    deleted, _ = ThrottleCounter.objects.filter(
        models.Q(closed_until=None) | models.Q(closed_until__lt=before),
        window_started_at__lt=before,
    ).delete()
    return deleted
