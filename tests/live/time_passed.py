"""Lets time pass for the sessions of a person in a running portal, with nobody there."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import F

from accounts.models import PortalSession


def main(given: dict[str, str | int]) -> int:
    """Move start and last activity back; returns how many sessions.

    ``given`` has the ``user_id``, and in seconds ``idle`` and ``open`` (how much longer).
    """
    of_person = PortalSession.objects.filter(user__user_id=given["user_id"], ended_at=None)
    for session in of_person:
        cache.delete(f"session-activity:{session.key_hash}")
    return of_person.update(
        last_activity_at=F("last_activity_at") - timedelta(seconds=int(given.get("idle", 0))),
        created_at=F("created_at") - timedelta(seconds=int(given.get("open", 0))),
    )
