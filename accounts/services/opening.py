"""Opens a session in three statements, so that signing in costs little beside the hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

import clock
from accounts import emails
from accounts.audit_tags import Tag
from accounts.factors import NO_FACTOR, Factor
from accounts.models import PortalSession, TermsAcceptance, User
from accounts.services import sessions
from accounts.services.throttle import Bucket
from audit import events
from audit.events import Event

if TYPE_CHECKING:
    from accounts.services.sign_in import Browser

# The person's row is the lock: a second sign-in waits here and then sees the first's session.
# Counting what was settled makes the account's counter be locked before the address's, in the
# order in which attempts are reserved; otherwise the two could wait for each other.
_ADMIT = """
WITH admitted AS (
    UPDATE accounts_user SET last_sign_in_at = %(now)s
     WHERE id = %(user)s AND is_active AND security_version = %(version)s
           AND password = %(password)s
    RETURNING id
), settled AS (
    DELETE FROM accounts_throttlecounter
     WHERE purpose = %(purpose)s AND key_hash = %(key)s AND EXISTS (SELECT 1 FROM admitted)
    RETURNING id
), given_back AS (
    UPDATE accounts_throttlecounter SET attempts = greatest(attempts - 1, 0), closed_until = NULL
     WHERE purpose = %(address_purpose)s AND key_hash = %(address_key)s
           AND EXISTS (SELECT 1 FROM admitted) AND (SELECT count(*) FROM settled) >= 0
), accepted AS (
    INSERT INTO accounts_termsacceptance (user_id, document, version, accepted_at, address)
    SELECT id, %(document)s, %(terms)s, %(accepted_at)s, %(address)s FROM admitted
)
SELECT id FROM admitted
"""

_OPEN = """
WITH ended AS (
    UPDATE accounts_portalsession AS old
       SET ended_at = %(now)s,
           end_reason = CASE WHEN key_hash = %(replaced)s THEN 'replaced'
                             WHEN created_at <= %(oldest)s THEN 'absolute'
                             WHEN last_activity_at <= %(idle_since)s THEN 'idle'
                             ELSE 'too_many' END
     WHERE user_id = %(user)s AND ended_at IS NULL
       AND (key_hash = %(replaced)s OR id NOT IN (
            SELECT id FROM accounts_portalsession
             WHERE user_id = %(user)s AND ended_at IS NULL AND key_hash <> %(replaced)s
               AND last_activity_at > %(idle_since)s AND created_at > %(oldest)s
             ORDER BY created_at DESC, id DESC LIMIT %(others)s))
    RETURNING old.id, old.end_reason, old.address, old.created_at
), opened AS (
    INSERT INTO accounts_portalsession (user_id, key_hash, created_at, last_activity_at, address,
           user_agent, aal, strength, verified_at, device_id, factor, security_version, end_reason)
    VALUES (%(user)s, %(key)s, %(now)s, %(now)s, %(address)s, %(agent)s, %(aal)s, %(strength)s,
            %(now)s, %(device)s, %(factor)s, %(version)s, '')
)
SELECT id, end_reason, address, created_at FROM ended
"""


@transaction.atomic
def open_session(
    *,
    user: User,
    browser: Browser,
    settle: Sequence[Bucket],
    factor: Factor = NO_FACTOR,
) -> str | None:
    """Open a session for somebody who has proven who they are; returns its token.

    ``factor`` is the second factor that was used; people who have a device never come here
    without one. None when the account was closed or its password changed while the hash was
    computed. Ends the session this browser had and the oldest ones beyond the limit, clears the
    counter used, gives the address its attempt back, and records acceptance of the terms and the
    sign-in.
    """
    now = clock.now()
    token = sessions.new_token()
    if not _admit(user, browser, settle, now):
        return None
    pushed_out = _open(user, browser, token, now, factor)
    events.record_many(
        [
            Event(tag=Tag.SIGN_IN, actor=user, target=user, reason=factor.kind),
            *(
                Event(tag=Tag.SESSION_ENDED, actor=user, target=ended, reason=ended.end_reason)
                for ended in pushed_out
            ),
        ]
    )
    if any(ended.end_reason == PortalSession.End.TOO_MANY for ended in pushed_out):
        emails.session_ended(user, at=now)
    user.last_sign_in_at = now
    return token


def _admit(user: User, browser: Browser, settle: Sequence[Bucket], now: datetime) -> bool:
    account = settle[0] if settle else None
    address = settle[-1] if len(settle) > 1 else None
    with connection.cursor() as cursor:
        cursor.execute(
            _ADMIT,
            {
                "now": now,
                "user": user.pk,
                "version": user.security_version,
                "password": user.password,
                "purpose": str(account.purpose) if account else "",
                "key": account.key_hash if account else "",
                "address_purpose": str(address.purpose) if address else "",
                "address_key": address.key_hash if address else "",
                "document": TermsAcceptance.Document.TERMS.value,
                "terms": settings.TERMS_VERSION,
                "accepted_at": browser.terms_accepted_at,
                "address": browser.address or None,
            },
        )
        return cursor.fetchone() is not None


def _open(
    user: User, browser: Browser, token: str, now: datetime, factor: Factor
) -> list[PortalSession]:
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "now": now,
                "user": user.pk,
                "version": user.security_version,
                "key": sessions.hash_of(token),
                "replaced": sessions.hash_of(browser.replaced_token),
                "others": settings.SESSION_PARALLEL_LIMIT - 1,
                "idle_since": now - settings.SESSION_IDLE_LIMIT - sessions.WRITE_EVERY,
                "oldest": now - settings.SESSION_ABSOLUTE_LIMIT,
                "address": browser.address or None,
                "agent": browser.user_agent[:300],
                "aal": int(factor.strength.aal),
                "strength": int(factor.strength),
                "device": factor.device_id,
                "factor": factor.kind,
            },
        )
        return [
            PortalSession(
                id=pk, user=user, end_reason=reason, address=address, created_at=created_at
            )
            for pk, reason, address, created_at in cursor.fetchall()
        ]
