"""The mail about somebody who reached for power in the administration."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.timezone import localtime

import clock
from accounts.models import User
from notifications.outbox import Mail, enqueue


def refused(
    people: Sequence[User], *, actor: User, target: str, tried: Promise, details: str
) -> None:
    """Say who tried what, on whom or what, and when; ``details`` are names, never values."""
    enqueue(
        [
            Mail(
                "account_power_refused",
                person.email,
                {
                    "actor": actor.user_id,
                    "target": target,
                    "tried": tried,
                    "details": details,
                    "at": localtime(clock.now()),
                    "reads_log": person.is_superuser,
                },
                recipient=person,
            )
            for person in people
        ]
    )
