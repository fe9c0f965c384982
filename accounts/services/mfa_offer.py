"""Offers a second factor to somebody who asks for a role, once in an account's life."""

from django.db import transaction

import clock
from accounts.audit_tags import Tag
from accounts.models import User
from audit import events

ADD, SKIP = "add", "skip"


def due(user: User) -> bool:
    """Whether this person is still to be asked; costs no query."""
    return not user.has_mfa and user.mfa_offered_at is None


@transaction.atomic
def answer(*, user_id: int, choice: str) -> None:
    """Keep that the person was asked and chose ADD or SKIP; a second answer changes nothing."""
    user = User.objects.select_for_update().get(pk=user_id)
    if not due(user):
        return
    user.mfa_offered_at = clock.now()
    user.save(update_fields=["mfa_offered_at"])
    events.record(Tag.MFA_OFFER_ANSWERED, actor=user, target=user, reason=choice)
