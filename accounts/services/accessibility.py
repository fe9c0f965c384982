"""Keeps with the account how its owner likes the pages to look."""

from django.db import transaction

from accounts.audit_tags import Tag
from accounts.display import Display, of_person
from accounts.models import User
from audit import events


@transaction.atomic
def choose(*, user_id: int, display: Display) -> None:
    """Keep the choice; choosing the same again changes and records nothing."""
    user = User.objects.select_for_update().get(pk=user_id)
    before = of_person(user)
    if before == display:
        return
    user.contrast, user.text_size, user.motion = display.contrast, display.text_size, display.motion
    user.save(update_fields=["contrast", "text_size", "motion"])
    events.record(
        Tag.CHANGE_DISPLAY, actor=user, target=user, before=_told(before), after=_told(display)
    )


def _told(display: Display | None) -> dict[str, str] | None:
    return vars(display) if display else None
