"""Keeps a half-filled request on the server, so that a lost connection loses nothing."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

import clock
from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from accounts.models import User
from catalog.models import Role, System
from organizations.models import Organization

_ONE_DRAFT = "one_draft_per_person_and_system"


def draft_of(*, requester: User, system: System) -> AccessRequest | None:
    """Return the person's draft for the system, if one was begun; one statement."""
    return (
        AccessRequest.objects.with_all()
        .filter(requester=requester, system=system, status=Status.DRAFT)
        .first()
    )


def start_draft(*, requester: User, system: System) -> AccessRequest:
    """Return the person's draft for the system, and begin one when there is none."""
    # Each turn that finds nothing means that another window got further, so the turns end.
    while True:
        found = draft_of(requester=requester, system=system)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return AccessRequest.objects.create(
                    requester=requester, system=system, created_at=clock.now()
                )
        except IntegrityError as error:
            if _ONE_DRAFT not in str(error):
                raise
            # Another window began it in the same moment, and may have submitted it since.


@transaction.atomic
def save_draft(
    *,
    requester: User,
    system: System,
    role: Role | None,
    organization_name: str = "",
    answers: Mapping[str, str] | None = None,
    reason: str = "",
) -> AccessRequest:
    """Write down what the person has entered so far, complete or not.

    The role has to be one of the system. A draft is no transition and leaves no audit entry.
    """
    if role is not None and role.system_id != system.pk:
        raise ValueError("the role belongs to another system")
    draft = _locked_draft(requester=requester, system=system)
    write(
        draft, organization_name=organization_name, answers=answers or {}, reason=reason, role=role
    )
    draft.save()
    return draft


def _locked_draft(*, requester: User, system: System) -> AccessRequest:
    """Return the draft with its row locked; one submitted from another window is none any more."""
    while True:
        begun = start_draft(requester=requester, system=system)
        draft = AccessRequest.objects.locked(pk=begun.pk)
        if draft.status == Status.DRAFT:
            return draft


def write(
    access_request: AccessRequest,
    *,
    role: Role | None,
    organization_name: str,
    answers: Mapping[str, str],
    reason: str,
) -> None:
    """Put the requester's words into the row and count the revision when they differ."""
    organization = Organization.objects.by_name(organization_name) if organization_name else None
    new = {
        "role": role,
        "organization": organization,
        "organization_name": organization.name if organization else organization_name,
        "answers": dict(answers),
        "reason": reason,
    }
    if any(getattr(access_request, name) != value for name, value in new.items()):
        access_request.revision += 1
    for name, value in new.items():
        setattr(access_request, name, value)
