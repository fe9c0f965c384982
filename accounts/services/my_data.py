"""Collects what the portal holds on a person, for the person; each look is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from django.conf import settings
from django.db import transaction

import clock
from accounts import my_data
from accounts.audit_tags import Tag
from accounts.models import User
from audit import events

ROWS_ON_PAGE = 50


@dataclass(frozen=True)
class Shown:
    """One section with its newest rows, and whether there are more."""

    section: my_data.Section
    rows: list[Mapping[str, Any]]
    has_more: bool


@transaction.atomic
def show(*, user: User) -> list[Shown]:
    """The sections for a page: of each at most ROWS_ON_PAGE rows."""
    shown = []
    for section in my_data.registered():
        rows = list(islice(section.read(user), ROWS_ON_PAGE + 1))
        shown.append(Shown(section, rows[:ROWS_ON_PAGE], len(rows) > ROWS_ON_PAGE))
    _record(user, "page")
    return shown


@transaction.atomic
def export(*, user: User) -> dict[str, Any]:
    """Everything, complete, as what JSON can hold (with dates and times)."""
    sections = {
        section.name: {"title": str(section.title), "rows": list(section.read(user))}
        for section in my_data.registered()
    }
    _record(user, "file")
    return {
        "portal": settings.PORTAL_ORIGIN,
        "user_id": user.user_id,
        "made_at": clock.now(),
        "sections": sections,
    }


def _record(user: User, form: Literal["page", "file"]) -> None:
    events.record(Tag.READ_OWN_DATA, actor=user, target=user, after={"form": form})
