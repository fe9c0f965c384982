"""What a person holds and has asked for, read by two prepared statements of few columns."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from access_requests.models import AccessRequest, Grant
from accounts.models import User
from catalog.models import ApprovalRule, Role
from prepared import Prepared

MOST_ROWS = 500  # read for one page; more than anybody holds


class Holding(NamedTuple):
    """A grant with the names that its row shows."""

    pk: int
    started_at: dt.datetime
    certify_by: dt.date
    ended_at: dt.datetime | None
    end_reason: str
    end_note: str
    role: str
    system: str
    system_slug: str
    kind: str
    required_ial: int
    required_aal: int
    decides: bool
    known_organization: str | None
    organization_name: str

    @property
    def organization(self) -> str:
        """The name of the organization the role is held for, or an empty text."""
        return self.known_organization or self.organization_name


class Ask(NamedTuple):
    """A request with the names that its row shows; ``approver_role`` and ``scope`` of its rule."""

    pk: int
    number: str | None
    status: str
    court: str
    has_rule: int | None
    submitted_at: dt.datetime | None
    closed_at: dt.datetime | None
    waiting_since: dt.datetime | None
    role: str | None
    system: str
    system_slug: str
    known_organization: str | None
    organization_name: str
    approver_role: str | None
    scope: str | None

    @property
    def organization(self) -> str:
        """The name of the organization the role is asked for, or an empty text."""
        return self.known_organization or self.organization_name


def grants_of(person_id: int) -> list[Holding]:
    """Return the person's grants: held first, then ended."""
    return [Holding(*row) for row in _GRANTS.all(person=person_id)]


def requests_of(person_id: int) -> list[Ask]:
    """Return the person's requests: open first, then the last closed."""
    return [Ask(*row) for row in _REQUESTS.all(person=person_id)]


def _grants(person: int) -> QuerySet[Grant, tuple[Any, ...]]:
    return (
        Grant.objects.filter(person=person)
        .order_by(F("ended_at").desc(nulls_first=True), "-started_at", "-pk")
        .values_list(
            "pk",
            "started_at",
            "certify_by",
            "ended_at",
            "end_reason",
            "end_note",
            "role__name",
            "role__system__name",
            "role__system__slug",
            "role__kind",
            "role__required_ial",
            "role__required_aal",
            Exists(ApprovalRule.objects.filter(approver_role=OuterRef("role"))),
            "organization__name",
            "organization_name",
        )[:MOST_ROWS]
    )


def _requests(person: int) -> QuerySet[AccessRequest, tuple[Any, ...]]:
    return (
        AccessRequest.objects.filter(requester=person)
        .order_by(F("closed_at").desc(nulls_first=True), "-submitted_at", "-pk")
        .values_list(
            "pk",
            "tracking_number",
            "status",
            "court",
            "routed_rule",
            "submitted_at",
            "closed_at",
            "waiting_since",
            "role__name",
            "system__name",
            "system__slug",
            "organization__name",
            "organization_name",
            "routed_rule__approver_role__name",
            "routed_rule__scope",
        )[:MOST_ROWS]
    )


_GRANTS = Prepared(_grants, person=int)
_REQUESTS = Prepared(_requests, person=int)


def is_held(person: User, role: Role) -> bool:
    """Tell whether a person holds a role at present, whatever it is held for."""
    return Grant.objects.standing().filter(person=person, role=role).exists()
