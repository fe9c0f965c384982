"""Makes the rows of lists: plain values, worked out once, so that a long list costs little.

A template looks a word up in a dictionary three times faster than along objects, and building
an address or a date anew for each row costs more than the rest of the row.
"""

from functools import cache, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access_requests import needs, presentation
from access_requests.holdings import Ask, Holding
from access_requests.models import Grant
from access_requests.models.requests import Court, Status
from access_requests.waiting import Waiting
from accounts.assurance import Strength
from accounts.models import User
from catalog.models.roles import describe_rung

Row = dict[str, Any]

NOTHING = "\N{EN DASH}"  # stands where there is nothing to show
_SOME_NUMBER = "100000000"
_WAITS_FOR = {
    Strength.NONE: "",
    Strength.WEAK: _("Waiting for an MFA device"),
    Strength.STRONG: _("Waiting for a strong MFA device"),
}


def held(grant: Holding, *, person: User) -> Row:
    """Return a role that the person holds, and what it waits for, for the list of roles."""
    wanted = needs.demanded(
        kind=grant.kind, ial=grant.required_ial, aal=grant.required_aal, decides=grant.decides
    )
    return {
        "pk": grant.pk,
        "role": grant.role,
        "system": grant.system,
        "system_href": _system(grant.system_slug),
        "organization": grant.organization or NOTHING,
        "since": presentation.day(grant.started_at),
        "until": presentation.day(grant.certify_by),
        "waits_for": _WAITS_FOR[needs.missing(person, wanted)],
        "remove_href": _numbered("access_requests:remove_role", grant.pk),
    }


def ended(grant: Holding) -> Row:
    """Return a role held before, for the history."""
    return {
        "role": grant.role,
        "system": grant.system,
        "since": presentation.day(grant.started_at),
        "ended": presentation.day(grant.ended_at),
        "why": Grant.EndReason(grant.end_reason).label,
        "note": grant.end_note,
    }


def open_request(one: Ask) -> Row:
    """Return a request that waits for somebody."""
    number = one.number or ""
    return {
        **_request(one),
        "is_returned": one.status == Status.RETURNED,
        "who": _who(one),
        "waited": presentation.waited(one.waiting_since),
        "answer_href": _numbered("access_requests:answer", number),
        "cancel_href": _numbered("access_requests:cancel", number),
    }


def draft(one: Ask) -> Row:
    """Return a request that was begun."""
    return {
        **_request(one),
        "href": reverse("access_requests:new", args=[one.system_slug]),
        "discard_href": reverse("access_requests:discard_draft", args=[one.system_slug]),
    }


def closed(one: Ask) -> Row:
    """Return a request that is over, for the history."""
    return {**_request(one), "closed": presentation.day(one.closed_at)}


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


def _request(one: Ask) -> Row:
    number = one.number or ""
    status = Status(one.status)
    return {
        "pk": one.pk,
        "number": number,
        "href": _numbered("access_requests:detail", number),
        "role": one.role or NOTHING,
        "system": one.system,
        "organization": one.organization,
        "status": status.label,
        "kind": presentation.KINDS[status],
    }


def _who(one: Ask) -> str:
    """Say in words by which rule the request is decided, as `routing.capacity` does."""
    if one.court == Court.RULE and one.has_rule:
        return describe_rung(one.approver_role, one.scope or "")
    return str(Court(one.court).label) if one.court else ""


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
