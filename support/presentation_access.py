"""Puts the roles and requests of a person into rows of the help desk console, masked."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from access_requests import presentation as requests
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from accounts.models import User
from support import desks
from support.presentation import MOST_ROWS, Row, State


def roles_of(person: User, desk: desks.Desk) -> list[Grant]:
    """Return the roles held, those of the agent's systems only."""
    held = Grant.objects.standing().filter(person=person)
    return list(
        _within(held, desk, "role__system")
        .select_related("role__system", "organization")
        .order_by("role__system__name", "role__name", "pk")[:MOST_ROWS]
    )


def requests_of(person: User, desk: desks.Desk) -> list[Row]:
    """Return the requests that wait or ended lately, those for the agent's systems only.

    State, times and who decides, and nothing that was written in one: no reason, answer, question
    or comment, and nobody's name.
    """
    asked = AccessRequest.objects.exclude(status=Status.DRAFT).filter(
        desks.still_of_concern(), requester=person
    )
    rows = (
        _within(asked, desk, "system")
        .select_related("role", "system", "organization", "routed_rule__approver_role")
        .order_by("-submitted_at", "-pk")[:MOST_ROWS]
    )
    return [_asked(one) for one in rows]


def _asked(one: AccessRequest) -> Row:
    return {
        "number": one.tracking_number,
        "system": one.system.title,
        "role": one.wanted_role.name,
        "state": State(one.get_status_display(), requests.status_kind(one)),
        "submitted": requests.day(one.submitted_at),
        "since": requests.day(one.waiting_since if one.is_open else one.closed_at),
        "who": _whose_turn(one),
    }


def _whose_turn(one: AccessRequest) -> str:
    """Say who has to act on a request, or nothing when nobody has to."""
    if one.status == Status.RETURNED:
        return _("The requester, who was asked a question")
    return requests.decided_by(one) if one.status == Status.PENDING else ""


def _within(rows: QuerySet[Any], desk: desks.Desk, path: str) -> QuerySet[Any]:
    return rows if desk.everybody else rows.filter(**{f"{path}__in": desk.systems})
