"""How sure we are of a person (IAL) and of a session (AAL); the only place that knows LOA."""

from collections.abc import Mapping
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
