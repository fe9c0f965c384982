"""The mails of this room: who gets which words; all mails of one event in one statement."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

import clock
from access_requests import routing
from access_requests.models import AccessRequest, Decision, Grant, InformationRequest
from access_requests.models.requests import Court
from accounts.assurance import Strength
from accounts.models import User
from notifications.outbox import Mail, enqueue

LISTED = 20


def access_request_submitted(access_request: AccessRequest, people: Sequence[User]) -> None:
    """Confirm to the requester, and ask those who decide."""
    enqueue(
        [
            _to_requester("access_request_submitted", access_request, count=len(people)),
            *_to_approvers(access_request, people),
        ]
    )


def access_request_answered(access_request: AccessRequest, people: Sequence[User]) -> None:
    """Ask those who decide to look at the answered request."""
    enqueue(_to_approvers(access_request, people, answered=True))


def access_request_approved(
    access_request: AccessRequest, decision: Decision, *, waits_for: Strength
) -> None:
    """Tell the requester that the role is held now, and which device it waits for."""
    enqueue(
        [
            _to_requester(
                "access_request_approved",
                access_request,
                comment=decision.comment,
                waits_for=waits_for.name.lower(),
            )
        ]
    )


def access_request_denied(access_request: AccessRequest, decision: Decision) -> None:
    """Tell the requester that the role was denied, and why."""
    enqueue([_to_requester("access_request_denied", access_request, comment=decision.comment)])


def access_request_returned(access_request: AccessRequest, asked: InformationRequest) -> None:
    """Hand the approver's question to the requester."""
    enqueue([_to_requester("access_request_returned", access_request, question=asked.question)])


def access_request_withdrawn(access_request: AccessRequest) -> None:
    """Confirm to the requester that the request is off."""
    enqueue([_to_requester("access_request_withdrawn", access_request)])


def access_requests_expired(expired: Iterable[AccessRequest]) -> None:
    """Tell each requester that nobody decided in time and how to ask again."""
    enqueue([_to_requester("access_request_expired", row) for row in expired])


def answers_missing(returned: Iterable[AccessRequest]) -> None:
    """Remind each requester of a question that waits for an answer."""
    enqueue(
        [
            _to_requester(
                "access_request_answer_missing",
                row,
                expires_on=_expiry(row),
            )
            for row in returned
        ]
    )


def decisions_missing(work: Mapping[User, Sequence[AccessRequest]], *, on: dt.date) -> None:
    """Remind each approver of what waits, in one mail however much it is."""
    enqueue([_digest("access_request_decision_missing", *pair, on=on) for pair in work.items()])


def access_requests_rerouted(work: Mapping[User, Sequence[AccessRequest]], *, on: dt.date) -> None:
    """Tell each person what came to them, in one mail; an alert when nobody else was left."""
    enqueue(
        [
            _digest(
                "access_request_stranded"
                if rows[0].court == Court.HELP_DESK
                else "access_request_rerouted",
                person,
                rows,
                on=on,
            )
            for person, rows in work.items()
        ]
    )


def grant_removed(grant: Grant) -> None:
    """Confirm to the holder that the role was given back."""
    enqueue([_to_holder("grant_removed", grant)])


def grant_revoked(grant: Grant) -> None:
    """Tell the holder that the role was taken, and why."""
    enqueue([_to_holder("grant_revoked", grant)])


def _to_requester(name: str, access_request: AccessRequest, **context: Any) -> Mail:
    person = access_request.requester
    return Mail(name, person.email, {**_about(access_request), **context}, recipient=person)


def _to_approvers(
    access_request: AccessRequest, people: Sequence[User], *, answered: bool = False
) -> list[Mail]:
    """One mail each; the portal help desk and, when it is empty, administrators are alerted."""
    name = "access_request_to_decide"
    context = {**_about(access_request), "answered": answered}
    if access_request.court == Court.HELP_DESK:
        name = "access_request_stranded"
        people = people or list(routing.administrators())
        context |= {"rows": [_row(access_request)], "count": 1}
    return [Mail(name, person.email, context, recipient=person) for person in people]


def _digest(name: str, person: User, rows: Sequence[AccessRequest], *, on: dt.date) -> Mail:
    return Mail(
        name,
        person.email,
        {
            "rows": [_row(one) for one in rows[:LISTED]],
            "count": len(rows),
            "more": max(0, len(rows) - LISTED),
            "on": on,
        },
        recipient=person,
    )


def _to_holder(name: str, grant: Grant) -> Mail:
    context = {
        "reason": grant.end_note,
        "role": grant.role.name,
        "system": grant.role.system.name,
        "organization": grant.organization_label,
        "ended_at": localtime(grant.ended_at) if grant.ended_at else None,
        "slug": grant.role.system.slug,
    }
    return Mail(name, grant.person.email, context, recipient=grant.person)


def _row(access_request: AccessRequest) -> dict[str, str]:
    """What a list says about one request."""
    return {
        "tracking_number": access_request.tracking_number or "",
        "requester": access_request.requester.get_full_name(),
        "role": access_request.wanted_role.name,
        "system": access_request.system.name,
        "organization": access_request.organization_label,
    }


def _about(access_request: AccessRequest) -> dict[str, Any]:
    return {
        **_row(access_request),
        "who_decides": routing.capacity(access_request),
        "slug": access_request.system.slug,
    }


def _expiry(access_request: AccessRequest) -> dt.date:
    since = access_request.waiting_since or clock.now()
    return localtime(since + dt.timedelta(days=settings.REQUEST_EXPIRY_DAYS)).date()
