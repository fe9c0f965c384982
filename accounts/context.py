"""What the frame of every page shows of a person and a session; runs no SQL of its own."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from accounts import display


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the classes of the page's root and the limits of sessions, worked out when asked for."""
    return {"display_classes": partial(_classes, request), "session_limits": session_limits}


def _classes(request: HttpRequest) -> str:
    return display.of(request).classes


def session_limits() -> dict[str, int]:
    """The limits of sessions: minutes idle, hours at most, and minutes of warning."""
    return {
        "idle_minutes": int(settings.SESSION_IDLE_LIMIT.total_seconds() // 60),
        "session_hours": int(settings.SESSION_ABSOLUTE_LIMIT.total_seconds() // 3600),
        "warning_minutes": int(settings.SESSION_WARNING.total_seconds() // 60),
    }
