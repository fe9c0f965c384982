"""Records what was tried in vain, and tells the owner once when it closed a way in."""

from collections.abc import Callable

from django.db import transaction

import clock
from accounts.audit_tags import Tag
from accounts.models import User
from accounts.services.throttle import Reservation
from audit import events


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
    events.record(failed, actor=None, target=user, outcome="refused", reason=reason)
    if not place.is_last or place.closed_until is None:
        return
    until = place.closed_until
    events.record(closed, actor=None, target=user, reason=by, after={"until": until.isoformat()})
    if user is not None and tell is not None:
        tell(user, until=until, at=clock.now())
