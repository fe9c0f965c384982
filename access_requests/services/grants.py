"""What happens to access held: it is issued, removed by its holder, or revoked."""

import datetime as dt

from django.conf import settings
from django.db import transaction

import clock
from access_requests import emails, handover, policies, visitors
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest, Decision, Grant
from access_requests.reasons import Reason
from access_requests.services import permissions, recognition, rerouting
from access_requests.services.locks import lock_person
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events
from catalog.models import Role
from organizations import services as organizations
from organizations.models import Organization
from prepared import Insert

_INSERT = Insert(Grant)
# Holders of such a role bring their organization into the portal with them.
FOUNDING_KINDS = {Role.Kind.APPROVER, Role.Kind.OFFICIAL}


def issue(*, access_request: AccessRequest, decision: Decision, at: dt.datetime) -> Grant:
    """Write the grant and the object permission it carries; call it inside the decision.

    The first approver or official of an organization that the portal does not know yet brings
    it in, and requests that name it are recognized.
    """
    if access_request.organization is None and access_request.organization_name:
        _found_organization(access_request, actor=decision.approver)
    grant = Grant(
        person=access_request.requester,
        role=access_request.wanted_role,
        organization=access_request.organization,
        organization_name=access_request.organization_name,
        decision=decision,
        started_at=at,
        certify_by=clock.today() + dt.timedelta(days=settings.CERTIFICATION_PERIOD_DAYS),
    )
    _INSERT.write([grant])
    permissions.write_for(grant)
    visitors.forget(grant.person_id)
    return grant


def _found_organization(access_request: AccessRequest, *, actor: User) -> None:
    if access_request.wanted_role.kind not in FOUNDING_KINDS:
        return
    name = access_request.organization_name
    access_request.organization = organizations.register(
        name=name, kind=Organization.Kind.OTHER, by=actor
    )
    access_request.save(update_fields=["organization"])
    recognition.recognize_all(access_request.organization, actor=actor)


def carries_permission(grant: Grant) -> bool:
    """Tell whether the role of the grant carries an object permission."""
    return grant.role.implied_permission is not None


def issue_event(grant: Grant, *, actor: User) -> events.Event:
    """Return the log entry of a new grant, to be written together with the decision's."""
    return events.Event(
        tag=Tag.GRANT_ISSUE,
        actor=actor,
        target=grant,
        after={
            "person": grant.person_id,
            "role": grant.role.code,
            "system": grant.role.system.slug,
            "organization": grant.organization_label,
            "certify_by": grant.certify_by.isoformat(),
        },
    )


def pass_to_new_holder(grant: Grant, *, actor: User) -> int:
    """Move requests up the ladder that the new holder can decide."""
    return rerouting.reroute(handover.gained_by(grant), actor=actor)


def remove(*, grant_id: int, holder: User) -> Grant:
    """Give a role back. Raises Grant.DoesNotExist for somebody else's, ``Refusal`` when over."""
    with transaction.atomic():
        person = lock_person(holder.pk)
        grant = _locked(grant_id, person=person)
        policies.may_remove(holder, grant).or_raise()
        _end(grant, reason=Grant.EndReason.REMOVED, actor=holder, tag=Tag.GRANT_REMOVE)
        emails.grant_removed(grant)
    return grant


def revoke(*, grant_id: int, actor: User, reason: str) -> Grant:
    """Take a role from its holder, with a reason that the holder is told.

    Raises Grant.DoesNotExist, and ``Refusal`` OWN_ACCESS, NO_RIGHT, ALREADY_ENDED or
    COMMENT_MISSING.
    """
    holder = Grant.objects.values_list("person_id", flat=True).get(pk=grant_id)
    with transaction.atomic():
        person = lock_person(holder)
        grant = _locked(grant_id, person=person)
        policies.may_revoke(actor, grant).or_raise()
        if not reason.strip():
            raise Refusal(Reason.COMMENT_MISSING)
        _end(
            grant,
            reason=Grant.EndReason.REVOKED,
            actor=actor,
            tag=Tag.GRANT_REVOKE,
            note=reason.strip(),
        )
        emails.grant_revoked(grant)
    return grant


def end_unproven(*, person: User, note: str) -> int:
    """End what a locked person's identity assurance does not carry any more; returns how many.

    Call it in the transaction that lowered the assurance.
    """
    resting = (
        Grant.objects.standing()
        .select_for_update(of=("self",), no_key=True)
        .select_related("role__system", "organization", "person")
        .filter(person=person, role__required_ial__gt=person.ial)
        .order_by("pk")
    )
    for grant in resting:
        _end(
            grant,
            reason=Grant.EndReason.REVOKED,
            actor=None,
            tag=Tag.GRANT_REVOKE,
            note=note,
        )
        emails.grant_revoked(grant)
    return len(resting)


def _locked(grant_id: int, *, person: User) -> Grant:
    return (
        Grant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("role__system", "organization", "person")
        .get(pk=grant_id, person=person)
    )


def _end(
    grant: Grant, *, reason: Grant.EndReason, actor: User | None, tag: Tag, note: str = ""
) -> None:
    """End the grant, take its permission away, and pass on what waited for its holder."""
    grant.end(at=clock.now(), reason=reason, by=actor, note=note)
    grant.save()
    waiting = handover.lost_with(grant)
    permissions.remove_for(grant)
    events.record(
        tag,
        actor=actor,
        target=grant,
        reason=note,
        before={"active": True},
        after={"active": False, "end_reason": reason},
    )
    rerouting.reroute(waiting, actor=actor)
