"""How sure we are of a person (IAL) and of a session (AAL); the only place that knows LOA."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SESSION_AAL = "aal"


class IAL(models.IntegerChoices):
    """Identity assurance level of a person."""

    SELF_ASSERTED = 1, gettext_lazy("Self-asserted")
    PROOFED = 2, gettext_lazy("Identity proofed")


class AAL(models.IntegerChoices):
    """Authenticator assurance level of one session."""

    PASSWORD = 1, gettext_lazy("Password")
    TWO_FACTORS = 2, gettext_lazy("Password and a second factor")


class Strength(models.IntegerChoices):
    """How hard the second factor of a session is to steal or to be talked out of."""

    NONE = 0, gettext_lazy("Password only")
    WEAK = 1, gettext_lazy("A code that was sent or written down")
    STRONG = 2, gettext_lazy("An authenticator app, passkey or security key")

    @classmethod
    def of_kind(cls, kind: str) -> "Strength":
        """The strength of a kind of device; a code that travels or lies about is weak."""
        return cls.STRONG if kind in _STRONG_KINDS else cls.WEAK

    @property
    def aal(self) -> AAL:
        """The level of a session that was opened with this."""
        return AAL.TWO_FACTORS if self >= Strength.WEAK else AAL.PASSWORD


_STRONG_KINDS = frozenset({"app_phone", "app_computer", "passkey"})

# Rooms above know who decides, certifies or helps; they say so here when they are loaded.
_needs: list[Callable[[Any], bool]] = []
_device_needs: list[Callable[[Any], bool]] = []


def register_need(asks: Callable[[Any], bool]) -> None:
    """Let ``asks(user)`` say whether somebody's work demands a strong second factor."""
    if asks not in _needs:
        _needs.append(asks)


def needs_strong_factor(user: Any) -> bool:
    """Whether anything this person does in the portal demands a strong second factor."""
    return bool(user.is_staff) or any(asks(user) for asks in _needs)


def must_be_strong(user: Any) -> bool:
    """Whether only a strong second factor proves this person: demanded of them, and held."""
    return bool(user.has_strong_factor) and needs_strong_factor(user)


def register_device_need(asks: Callable[[Any], bool]) -> None:
    """Let ``asks(user)`` say whether somebody's work demands a second factor of any strength."""
    if asks not in _device_needs:
        _device_needs.append(asks)


def needs_device(user: Any) -> bool:
    """Whether anything this person does in the portal demands a second factor."""
    return needs_strong_factor(user) or any(asks(user) for asks in _device_needs)


def strength_of(user: Any) -> Strength:
    """How strongly the person has signed in.

    For the visitor of a page that is their session's strength, which the middleware notes. Outside
    of a session, in a task or command, the strongest factor the person has counts.
    """
    of_session: Strength | None = getattr(user, "session_strength", None)
    if of_session is not None:
        return of_session
    has_strong = bool(getattr(user, "has_strong_factor", False))
    return Strength.STRONG if has_strong else Strength.NONE


def is_strong(user: Any) -> bool:
    """Whether the person may now do what demands a strong second factor."""
    return strength_of(user) >= Strength.STRONG


def loa_label(ial: int, aal: int = AAL.PASSWORD) -> str:
    """The level of assurance as the source documents name it, for people to read.

    Level 1 is a self-asserted account, 2 a proofed person, 3 a proofed person with two factors.
    """
    level = 1
    if ial >= IAL.PROOFED:
        level = 3 if aal >= AAL.TWO_FACTORS else 2
    return _("Level of Assurance %(level)d") % {"level": level}


def ial_of(user: Any) -> IAL:
    """The identity assurance of a person; somebody not signed in is self-asserted."""
    return IAL(getattr(user, "ial", IAL.SELF_ASSERTED))


def aal_of(session: Mapping[str, Any]) -> AAL:
    """The authenticator assurance of a request's session."""
    return AAL(session.get(SESSION_AAL, AAL.PASSWORD))
