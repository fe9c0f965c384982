"""Makes the rows of lists: plain values, worked out once, so that a long list costs little.

A template looks a word up in a dictionary three times faster than along objects, and building
an address or a date anew for each row costs more than the rest of the row.
"""

from functools import cache, lru_cache
from typing import Any

from django.urls import reverse

from access_requests import presentation, routing
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.waiting import Waiting

Row = dict[str, Any]

NOTHING = "\N{EN DASH}"  # stands where there is nothing to show
_SOME_NUMBER = "100000000"


def held(grant: Grant) -> Row:
    """Return a role held, for the list of roles."""
    return {
        "pk": grant.pk,
        "role": grant.role.name,
        "system": grant.role.system.name,
        "system_href": _system(grant.role.system.slug),
        "organization": grant.organization_label or NOTHING,
        "since": presentation.day(grant.started_at),
        "until": presentation.day(grant.certify_by),
        "remove_href": _numbered("access_requests:remove_role", grant.pk),
    }


def ended(grant: Grant) -> Row:
    """Return a role held before, for the history."""
    return {
        "role": grant.role.name,
        "system": grant.role.system.name,
        "since": presentation.day(grant.started_at),
        "ended": presentation.day(grant.ended_at),
        "why": Grant.EndReason(grant.end_reason).label,
        "note": grant.end_note,
    }


def open_request(access_request: AccessRequest) -> Row:
    """Return a request that waits for somebody."""
    number = access_request.tracking_number or ""
    return {
        **_request(access_request),
        "is_returned": access_request.status == Status.RETURNED,
        "who": routing.capacity(access_request),
        "waited": presentation.waited(access_request.waiting_since),
        "answer_href": _numbered("access_requests:answer", number),
        "cancel_href": _numbered("access_requests:cancel", number),
    }


def draft(access_request: AccessRequest) -> Row:
    """Return a request that was begun."""
    return {
        **_request(access_request),
        "href": reverse("access_requests:new", args=[access_request.system.slug]),
    }


def closed(access_request: AccessRequest) -> Row:
    """Return a request that is over, for the history."""
    return {**_request(access_request), "closed": presentation.day(access_request.closed_at)}


def waiting(one: Waiting) -> Row:
    """Return a request of an approver's queue."""
    return {
        "number": one.number,
        "href": _numbered("access_requests:approval", one.number),
        "requester": one.requester,
        "role": one.role or NOTHING,
        "system": one.system,
        "organization": one.known_organization or one.organization_name or NOTHING,
        "submitted": presentation.day(one.submitted_at),
        "age": presentation.waited(one.submitted_at),
    }


def _request(access_request: AccessRequest) -> Row:
    number = access_request.tracking_number or ""
    return {
        "pk": access_request.pk,
        "number": number,
        "href": _numbered("access_requests:detail", number),
        "role": access_request.role.name if access_request.role else NOTHING,
        "system": access_request.system.name,
        "organization": access_request.organization_label,
        "status": Status(access_request.status).label,
        "kind": presentation.status_kind(access_request),
    }


@lru_cache(maxsize=1024)
def _system(slug: str) -> str:
    return reverse("catalog:system", args=[slug])


def _numbered(name: str, number: int | str) -> str:
    """Return the address of something with a number."""
    before, after = _around(name)
    return f"{before}{number}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[_SOME_NUMBER]).partition(_SOME_NUMBER)
    return before, after
