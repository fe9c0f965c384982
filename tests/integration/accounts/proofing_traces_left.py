"""What proofing leaves behind, for the tests of it: refusals, entries of the log, mails."""

from typing import Any

import pytest

from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage


def refusal_of(act: Any) -> str:
    """The reason for which a call is refused; it has to be."""
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value.reason)


def tags() -> list[str]:
    """What the log holds about proofing, the oldest first."""
    return list(
        AuditEntry.objects.filter(tag__startswith="proofing")
        .order_by("id")
        .values_list("tag", flat=True)
    )


def mails() -> list[str]:
    """The names of all mails, the oldest first."""
    return list(OutboxMessage.objects.order_by("id").values_list("name", flat=True))
