"""Reads who signed in, or tried to, as an account: from the sessions and from the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

import clock
from accounts import networks, user_agents
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.services.failures import BROWSER
from audit.models import AuditEntry

PAGE_SIZE = 25
# What can be refused at the sign-in.
REFUSALS = (
    Tag.SIGN_IN_FAILED,
    Tag.SIGN_IN_LOCKED,
    Tag.SECOND_FACTOR_FAILED,
    Tag.SECOND_FACTOR_LOCKED,
)
_CURSOR = re.compile(r"(\d{1,12})\.(\d{6})-(\d{1,3})")


@dataclass(frozen=True)
class Line:
    """One try to sign in, and what became of it."""

    at: datetime
    is_success: bool
    what: str
    detail: str
    browser: str
    network: str


@dataclass(frozen=True)
class HistoryPage:
    """Lines, newest first, and the cursor of the older ones ("" when there are none)."""

    lines: list[Line]
    older: str


def page(*, user: User, cursor: str = "", size: int = PAGE_SIZE) -> HistoryPage:
    """One page by two queries; a cursor nobody gave out means the newest page."""
    until, skip = _read(cursor)
    wanted = size + skip + 1
    both = [*_sessions(user, until, wanted), *_refusals(user, until, wanted)]
    both.sort(key=lambda line: line.at, reverse=True)
    shown = both[skip : skip + size]
    has_older = len(both) > skip + size
    return HistoryPage(shown, _cursor(both[: skip + size]) if has_older else "")


def _sessions(user: User, until: datetime, wanted: int) -> Iterable[Line]:
    rows = PortalSession.objects.filter(user=user, created_at__lte=until)
    for session in rows.order_by("-created_at", "-pk")[:wanted]:
        yield Line(
            at=session.created_at,
            is_success=True,
            what=_("Logged in"),
            detail=session.get_strength_display(),
            browser=user_agents.describe(session.user_agent),
            network=networks.describe(session.address),
        )


def _refusals(user: User, until: datetime, wanted: int) -> Iterable[Line]:
    rows = AuditEntry.objects.filter(
        target_type="accounts.user",
        target_id=str(user.pk),
        tag__in=[str(tag) for tag in REFUSALS],
        at__lte=until,
    )
    labels: dict[str, Any] = dict(Tag.choices)
    for entry in rows.order_by("-at", "-pk")[:wanted]:
        yield Line(
            at=entry.at,
            is_success=False,
            what=str(labels[entry.tag]),
            detail="",
            browser=_browser_of(entry),
            network=networks.describe(entry.address),
        )


def _browser_of(entry: AuditEntry) -> str:
    """Browser and device as the entry tells them; older entries do not."""
    told = entry.after.get(BROWSER) if isinstance(entry.after, dict) else None
    return user_agents.describe(told) if isinstance(told, str) else ""


def _cursor(seen: list[Line]) -> str:
    """The time of the last line seen, and how many lines of that very time were seen."""
    last = seen[-1].at.astimezone(UTC)
    same = sum(line.at == last for line in seen)
    return f"{int(last.timestamp())}.{last.microsecond:06d}-{same}"


def _read(cursor: str) -> tuple[datetime, int]:
    found = _CURSOR.fullmatch(cursor)
    if not found:
        return clock.now(), 0
    try:
        at = datetime.fromtimestamp(int(found[1]), UTC).replace(microsecond=int(found[2]))
    except (OverflowError, OSError, ValueError):
        return clock.now(), 0
    return at, int(found[3])
