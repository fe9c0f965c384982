"""Keeps a record of what was refused, after the refused transaction was rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest
from access_requests.reasons import Reason
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events

# What somebody without the right tried; losing a race is no trespass.
RECORDED = {
    Reason.SELF_DECISION,
    Reason.NOT_YOUR_QUEUE,
    Reason.NEEDS_MFA,
    Reason.EXCLUDED_BY_ROLE,
}


@contextmanager
def recorded(tag: Tag, *, actor: User, tracking_number: str) -> Iterator[None]:
    """Run the block in a transaction; a refusal in it is written into the log and raised on."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        if refusal.reason in RECORDED:
            events.record(
                tag,
                actor=actor,
                target=AccessRequest.objects.get(tracking_number=tracking_number),
                outcome="refused",
                reason=str(refusal.reason),
            )
        raise
