"""How pages look for somebody: out of the account, or out of a cookie for visitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models.preferences import Contrast, Motion, Preferences, TextSize

_COOKIE_LASTS = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    """One choice each of contrast, text size and movement."""

    contrast: str = Contrast.STANDARD.value
    text_size: str = TextSize.STANDARD.value
    motion: str = Motion.STANDARD.value

    @property
    def classes(self) -> str:
        """The classes of the page's root, with a space in front of each that is not standard."""
        chosen = {"contrast": self.contrast, "text": self.text_size, "motion": self.motion}
        return "".join(f" {name}-{value}" for name, value in chosen.items() if value != "standard")


def of(request: HttpRequest) -> Display:
    """What this browser shows: the account's choice, else the one kept in the browser.

    Asks nothing that the page's frame does not ask anyway.
    """
    user: Any = getattr(request, "user", None)
    chosen = of_person(user) if user is not None and user.is_authenticated else None
    return chosen or _read(request.COOKIES.get(settings.DISPLAY_COOKIE_NAME, ""))


def of_person(person: Preferences) -> Display | None:
    """The choice kept with an account, or None when nothing was ever chosen."""
    if not (person.contrast and person.text_size and person.motion):
        return None
    return Display(person.contrast, person.text_size, person.motion)


def remember(response: HttpResponse, display: Display) -> None:
    """Keep the choice in the browser too, so that the pages before sign-in follow it."""
    response.set_cookie(
        settings.DISPLAY_COOKIE_NAME,
        f"{display.contrast}.{display.text_size}.{display.motion}",
        max_age=_COOKIE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(cookie: str) -> Display:
    parts = cookie.split(".")
    known = (Contrast.values, TextSize.values, Motion.values)
    if len(parts) != len(known) or any(
        part not in values for part, values in zip(parts, known, strict=True)
    ):
        return Display()
    return Display(*parts)
