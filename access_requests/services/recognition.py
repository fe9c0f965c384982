"""Ties requests that name an organization to it, once the portal knows that organization.

It comes to be known by the approval of its first approver, or by an administrator. Until then
its requests carry its name alone, and nobody of that organization sees them.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet
from access_requests.reasons import Reason
from accounts.models import User
from accounts.text import key
from accounts.verdicts import Refusal
from audit import events
from organizations.models import Organization


def recognize(access_request: AccessRequest, *, actor: User) -> None:
    """Tie a locked request to the organization it names, when that is known by now.

    Raises ``Refusal`` ASKED_AGAIN when the person has asked for the same role there since.
    """
    if access_request.organization is not None or not access_request.organization_name:
        return
    organization = Organization.objects.by_name(access_request.organization_name)
    if organization is None:
        return
    same = _twins(organization).filter(requester=access_request.requester, role=access_request.role)
    if same.exists():
        raise Refusal(Reason.ASKED_AGAIN)
    _tie([access_request], organization, actor)
    access_request.organization = organization


@transaction.atomic
def recognize_all(organization: Organization, *, actor: User | None) -> int:
    """Tie the open requests that name this organization to it; returns how many.

    Leaves out those that somebody holds in this moment and those whose person has asked again
    since; the sweep comes back to the first.
    """
    spelled = [name for name in _names() if key(name) == organization.name_key]
    twin = _twins(organization).filter(requester=OuterRef("requester"), role=OuterRef("role"))
    waiting = (
        _unknown()
        .filter(~Exists(twin), organization_name__in=spelled)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
    )
    return _tie(list(waiting), organization, actor)


def sweep() -> int:
    """Recognize the organizations that administrators have added; returns how many requests."""
    known = Organization.objects.active().filter(name_key__in={key(name) for name in _names()})
    return sum(recognize_all(organization, actor=None) for organization in known.order_by("pk"))


def _names() -> list[str]:
    """Return how people spelled the organizations that are not known yet."""
    return list(_unknown().values_list("organization_name", flat=True).distinct())


def _unknown() -> AccessRequestQuerySet:
    return (
        AccessRequest.objects.open().filter(organization__isnull=True).exclude(organization_name="")
    )


def _twins(organization: Organization) -> AccessRequestQuerySet:
    return AccessRequest.objects.open().filter(organization=organization)


def _tie(
    requests: Collection[AccessRequest], organization: Organization, actor: User | None
) -> int:
    if not requests:
        return 0
    keys = [access_request.pk for access_request in requests]
    AccessRequest.objects.filter(pk__in=keys).update(organization=organization)
    events.record_many(
        events.Event(
            tag=Tag.RECOGNIZE,
            actor=actor,
            target=access_request,
            before={"organization": None},
            after={"organization": organization.name},
        )
        for access_request in requests
    )
    return len(requests)
