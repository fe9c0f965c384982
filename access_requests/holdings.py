"""What a person holds and has asked for, read by two prepared statements of few columns."""

from django.db.models import F, QuerySet

from access_requests.models import AccessRequest, Grant
from prepared import Prepared

MOST_ROWS = 500  # read for one page; more than anybody holds


def grants_of(person_id: int) -> list[Grant]:
    """Return the person's grants with role, system and organization: held first, then ended."""
    return _GRANTS.all(person=person_id)


def requests_of(person_id: int) -> list[AccessRequest]:
    """Return the person's requests with their names and rule: open first, then the last closed."""
    return _REQUESTS.all(person=person_id)


def _grants(person: int) -> QuerySet[Grant]:
    return (
        Grant.objects.filter(person=person)
        .select_related("role__system", "organization")
        .only(
            "person",
            "organization_name",
            "started_at",
            "certify_by",
            "ended_at",
            "end_reason",
            "end_note",
            "role__name",
            "role__system__slug",
            "role__system__name",
            "organization__name",
        )
        .order_by(F("ended_at").desc(nulls_first=True), "-started_at", "-pk")[:MOST_ROWS]
    )


def _requests(person: int) -> QuerySet[AccessRequest]:
    return (
        AccessRequest.objects.filter(requester=person)
        .select_related("role", "system", "organization", "routed_rule__approver_role")
        .only(
            "requester",
            "tracking_number",
            "status",
            "court",
            "organization_name",
            "submitted_at",
            "closed_at",
            "waiting_since",
            "role__name",
            "system__slug",
            "system__name",
            "organization__name",
            "routed_rule__approver",
            "routed_rule__scope",
            "routed_rule__approver_role__name",
        )
        .order_by(F("closed_at").desc(nulls_first=True), "-submitted_at", "-pk")[:MOST_ROWS]
    )


_GRANTS = Prepared(_grants, person=int)
_REQUESTS = Prepared(_requests, person=int)
