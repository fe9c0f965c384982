"""Builds requests, decisions and grants for tests, as if they had gone their way."""

import datetime as dt
from typing import Any

from django.conf import settings

import clock
from access_requests import routing
from access_requests.models import AccessRequest, Decision, Grant
from access_requests.models.requests import Status
from access_requests.services import permissions
from access_requests.services.requests import new_tracking_number
from accounts.models import User
from catalog.models import ApprovalRule, Role
from organizations.models import Organization
from tests.factories.accounts import strong, user

# Rows come back as Any: what may be empty in a draft is known to be set in them.


def make_draft(
    requester: User, role: Role | None, organization: Organization | None = None, **fields: Any
) -> Any:
    """Save a draft that could be submitted as it is."""
    draft = _draft(requester, role, organization, **fields)
    draft.save(force_insert=True)
    return draft


def _draft(
    requester: User, role: Role | None, organization: Organization | None, **fields: Any
) -> Any:
    system: Any = fields.pop("system", None) or (role.system if role else None)
    return AccessRequest(
        requester=requester,
        system=system,
        role=role,
        organization=organization,
        **{
            "organization_name": organization.name if organization else "",
            "answers": _answers(role),
            "reason": "Helps consumers in our county.",
            "created_at": clock.now(),
            **fields,
        },
    )


def _answers(role: Role | None) -> dict[str, str]:
    if role is None:
        return {}
    kinds = role.attributes.model.Kind
    return {
        attribute.code: (attribute.choices or ["A-1234567"])[0]
        for attribute in role.attributes.exclude(kind=kinds.ORGANIZATION)
    }


def make_request(
    requester: User,
    role: Role,
    organization: Organization | None = None,
    *,
    age: dt.timedelta = dt.timedelta(),
    **fields: Any,
) -> Any:
    """Save a pending request, routed as things stand."""
    access_request = make_draft(requester, role, organization, **fields)
    access_request.submit(tracking_number=new_tracking_number(), at=clock.now() - age)
    found = routing.route(access_request)
    access_request.court, access_request.routed_rule = found.court, found.rule
    access_request.save()
    return access_request


def make_grant(
    person: User,
    role: Role,
    organization: Organization | None = None,
    *,
    approver: User | None = None,
    age: dt.timedelta = dt.timedelta(days=30),
    is_strong: bool = True,
) -> Grant:
    """Save a role held since `age`, with the request and decision behind it.

    Who decides by it gets a strong second factor, unless ``is_strong`` says otherwise.
    """
    decides = role.implied_permission or ApprovalRule.objects.filter(approver_role=role).exists()
    if is_strong and decides and not person.has_strong_factor:
        strong(person)
    at = clock.now() - age
    access_request = _draft(person, role, organization, created_at=at)
    access_request.submit(tracking_number=new_tracking_number(), at=at)
    access_request.court = "help_desk"
    access_request.close(Status.APPROVED, at=at)
    access_request.save()
    decision = Decision.objects.create(
        access_request=access_request,
        requester=person,
        approver=approver or user(),
        outcome=Decision.Outcome.APPROVED,
        decided_at=at,
    )
    grant = Grant.objects.create(
        person=person,
        role=role,
        organization=organization,
        organization_name=organization.name if organization else "",
        decision=decision,
        started_at=at,
        certify_by=at.date() + dt.timedelta(days=settings.CERTIFICATION_PERIOD_DAYS),
    )
    permissions.write_for(grant)
    return grant
