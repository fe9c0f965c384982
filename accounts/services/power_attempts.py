"""Somebody in the administration reached for power that is not theirs: written down, and told."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils.functional import Promise

import clock
from accounts import emails_power
from accounts.models import User
from accounts.policies import PORTAL_HELP_DESK
from audit import events
from audit.models import AuditEntry, Outcome

ALERT_EVERY = timedelta(hours=1)
ALERTED = "people_alerted"


@transaction.atomic
def refuse(*, tag: str, actor: User, target: Model | None, tried: Promise, reason: str) -> None:
    """Record the refused try, and alert those who can look into it, at most once an hour.

    ``tried`` says in words what was tried; the entry says how many people were told. Of tries at
    once one alerts: the row of ``actor`` is locked. Whoever calls this refuses.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    people = [] if _was_alerted_lately(actor) else _watchers(actor)
    events.record(
        tag,
        actor=actor,
        target=target,
        outcome=Outcome.REFUSED,
        reason=reason,
        after={ALERTED: len(people)},
    )
    emails_power.refused(people, actor=actor, target=str(target or ""), tried=tried, details=reason)


def _was_alerted_lately(actor: User) -> bool:
    return AuditEntry.objects.filter(
        actor=actor,
        outcome=Outcome.REFUSED,
        at__gt=clock.now() - ALERT_EVERY,
        **{f"after__{ALERTED}__gt": 0},
    ).exists()


def _watchers(actor: User) -> Sequence[User]:
    """Return the other superusers; where there is none, the portal's help desk."""
    others = User.objects.filter(is_active=True).exclude(pk=actor.pk).order_by("pk")
    superusers = list(others.filter(is_superuser=True))
    return superusers or list(others.filter(groups__name=PORTAL_HELP_DESK))
