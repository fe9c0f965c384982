"""Records what was tried in vain, and tells the owner once when it closed a way in."""

from collections.abc import Callable

from django.db import transaction

import clock
from accounts.audit_tags import Tag
from accounts.models import User
from accounts.services.throttle import Reservation
from audit import context, events

# Under this name an entry keeps it; the sign-in history of the owner puts it into words.
BROWSER = "user_agent"


@transaction.atomic
def record(
    *,
    user: User | None,
    place: Reservation,
    failed: Tag,
    closed: Tag,
    tell: Callable[..., object] | None,
    what: str = "",
    by: str = "",
) -> None:
    """Record a refused attempt; the one that closed its counter is recorded and told besides.

    ``what`` was tried, when that is not plain; ``by`` says whose counter it was. ``tell`` mails
    the owner and takes ``until`` and ``at``; None when the owner is not to be told.
    """
    outcome = "failed" if place.is_open else "not_evaluated"
    reason = f"{what}:{outcome}" if what else outcome
    browser = browser_used()
    events.record(failed, actor=None, target=user, outcome="refused", reason=reason, after=browser)
    if not place.is_last or place.closed_until is None:
        return
    until = place.closed_until
    after = {"until": until.isoformat(), **browser}
    events.record(closed, actor=None, target=user, reason=by, after=after)
    if user is not None and tell is not None:
        tell(user, until=until, at=clock.now())


def browser_used() -> dict[str, str]:
    """What the browser of this request calls itself, for the entry; nothing outside of one."""
    request = context.current().request
    agent = "" if request is None else request.headers.get("User-Agent", "")
    return {BROWSER: agent[:300]} if agent else {}
