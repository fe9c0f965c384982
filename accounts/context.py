"""What the frame of every page shows of a person and a session; runs no SQL of its own."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from accounts import display, profile_menu


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the root's classes, the limits of sessions and the menu, worked out when asked for."""
    return {
        "display_classes": partial(_classes, request),
        "session_limits": session_limits,
        "profile_menu": partial(profile_menu.of, request),
    }


def _classes(request: HttpRequest) -> str:
    return display.of(request).classes


def session_limits() -> dict[str, int]:
    """The limits of sessions: minutes idle, hours at most, and minutes of warning."""
    return {
        "idle_minutes": int(settings.SESSION_IDLE_LIMIT.total_seconds() // 60),
        "session_hours": int(settings.SESSION_ABSOLUTE_LIMIT.total_seconds() // 3600),
        "warning_minutes": int(settings.SESSION_WARNING.total_seconds() // 60),
    }
