"""The order of locks: people first, by id, then the request. So nobody waits in a circle."""

from django.db.models import QuerySet, Subquery

from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from accounts.assurance import strength_of
from accounts.models import User
from prepared import Prepared


def lock_for_decision(
    *, tracking_number: str, approver: User
) -> tuple[AccessRequest, dict[int, User]]:
    """Lock approver and requester, then the request; two statements.

    With the rows locked, an account that is being switched off or a role that is being taken
    away comes before the decision or after it, never in between. Raises
    AccessRequest.DoesNotExist.
    """
    people = {
        user.pk: user for user in _PEOPLE.all(approver=approver.pk, tracking_number=tracking_number)
    }
    access_request = _known(_NUMBERED.first(tracking_number=tracking_number))
    if access_request is None or access_request.status == Status.DRAFT:
        raise AccessRequest.DoesNotExist
    access_request.requester = people[access_request.requester_id]
    # The row is read anew; how strongly its owner signed in is known to the visitor alone.
    people[approver.pk].session_strength = strength_of(approver)
    return access_request, people


def lock_draft(*, access_request_id: int, requester: User) -> AccessRequest | None:
    """Lock one of the requester's drafts together with the requester, in one statement.

    Nobody else ever waits for a draft while holding a person, so the order does no harm here.
    Returns None for what is no draft (any more).
    """
    return _known(_DRAFT.first(draft=access_request_id, requester=requester.pk))


def lock_person(person_id: int) -> User:
    """Lock one person."""
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def _known(access_request: AccessRequest | None) -> AccessRequest | None:
    """Tell the role the system that was read with the request: a join less for the database."""
    role = access_request.role if access_request else None
    if access_request and role and role.system_id == access_request.system_id:
        role.system = access_request.system
    return access_request


def _people(approver: int, tracking_number: str) -> QuerySet[User]:
    requester = AccessRequest.objects.filter(tracking_number=tracking_number).values("requester")
    return (
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=[approver, Subquery(requester[:1])])
        .order_by("pk")
    )


def _numbered(tracking_number: str) -> QuerySet[AccessRequest]:
    rows = AccessRequest.objects.select_for_update(of=("self",), no_key=True)
    joined = rows.select_related("system", "role", "organization", "routed_rule__approver_role")
    return joined.filter(tracking_number=tracking_number)


def _draft(draft: int, requester: int) -> QuerySet[AccessRequest]:
    rows = AccessRequest.objects.select_for_update(of=("self", "requester"), no_key=True)
    joined = rows.select_related("requester", "system", "role", "organization")
    return joined.filter(pk=draft, requester=requester, status=Status.DRAFT)


_PEOPLE = Prepared(_people, approver=int, tracking_number=str)
_NUMBERED = Prepared(_numbered, tracking_number=str)
_DRAFT = Prepared(_draft, draft=int, requester=int)
