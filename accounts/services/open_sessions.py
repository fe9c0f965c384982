"""Reads the sessions in which a person is signed in now."""

from django.conf import settings

import clock
from accounts.models import PortalSession, User
from accounts.services.sessions import WRITE_EVERY


def of(user: User) -> list[PortalSession]:
    """The open sessions of a person, the one used last first; by one query.

    Those that nobody came back to are left out, also when no sweep has marked them yet.
    """
    now = clock.now()
    return list(
        PortalSession.objects.filter(
            user=user,
            ended_at=None,
            security_version=user.security_version,
            created_at__gt=now - settings.SESSION_ABSOLUTE_LIMIT,
            last_activity_at__gt=now - settings.SESSION_IDLE_LIMIT - WRITE_EVERY,
        ).order_by("-last_activity_at", "-pk")
    )
