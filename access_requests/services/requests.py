"""What a requester does: submit, answer a question, withdraw."""

import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction

import clock
from access_requests import emails, policies, routing, standing
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest, InformationRequest
from access_requests.models.requests import AccessRequestQuerySet, Status
from access_requests.reasons import Reason
from access_requests.services import drafts
from access_requests.services.locks import lock_draft, lock_person
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events
from organizations.models import Organization
from prepared import Update

_MOVE = Update(AccessRequest, AccessRequest.MOVED)
_MOVE_TO_COURT = Update(AccessRequest, [*AccessRequest.MOVED, *AccessRequest.ROUTED, "typed"])
_TRACKING_NUMBER_TRIES = 5
_UNIQUE_OPEN = "one_open_request_per_person_role_and_organization"
_UNIQUE_NUMBER = "one_request_per_number"


def new_tracking_number() -> str:
    """Return nine random digits, the first not zero; they tell nothing and cannot be guessed."""
    return str(secrets.randbelow(900_000_000) + 100_000_000)


def submit(
    *, access_request_id: int, requester: User, revision: int | None = None
) -> AccessRequest:
    """Turn the draft into a pending request and tell requester and approvers.

    Submitting the same draft again returns the request that came of it. Raises
    AccessRequest.DoesNotExist for somebody else's, and ``Refusal`` with a ``Reason``.
    """
    for _attempt in range(_TRACKING_NUMBER_TRIES):
        try:
            with transaction.atomic():
                return _submit(access_request_id, requester, revision, new_tracking_number())
        except IntegrityError as error:
            if _UNIQUE_NUMBER in str(error):
                continue
            if _UNIQUE_OPEN in str(error):
                raise Refusal(Reason.ALREADY_PENDING) from error
            raise
    raise RuntimeError("no free tracking number was found")


def _submit(
    access_request_id: int, requester: User, revision: int | None, tracking_number: str
) -> AccessRequest:
    access_request = lock_draft(access_request_id=access_request_id, requester=requester)
    if access_request is None:
        return AccessRequest.objects.with_all().get(pk=access_request_id, requester=requester)
    now = clock.now()
    _find_organization(access_request)
    _ask(access_request, revision=revision)
    access_request.submit(tracking_number=tracking_number, at=now)
    people = _send_to_court(access_request)
    events.record(
        Tag.SUBMIT, actor=requester, target=access_request, after=_described(access_request)
    )
    emails.access_request_submitted(access_request, people)
    return access_request


def _find_organization(access_request: AccessRequest) -> None:
    """Recognize an organization that became known after the draft was written."""
    if access_request.organization is None and access_request.organization_name:
        access_request.organization = Organization.objects.by_name(access_request.organization_name)
        access_request.save(update_fields=["organization"])


def _ask(access_request: AccessRequest, *, revision: int | None) -> None:
    if access_request.role is None:
        raise Refusal(Reason.INCOMPLETE)
    facts = standing.look(
        person=access_request.requester,
        role=access_request.role,
        organization_id=access_request.organization_id,
        organization_name=access_request.organization_name,
        answers=access_request.answers,
        except_request=access_request.pk,
    )
    policies.may_submit(
        access_request.requester, access_request, facts, revision=revision, now=clock.now()
    ).or_raise()


def _send_to_court(access_request: AccessRequest) -> list[User]:
    """Store the route with the request, save it and return who can decide."""
    found = routing.route(access_request)
    access_request.court, access_request.routed_rule = found.court, found.rule
    _MOVE_TO_COURT.write(access_request)
    return found.list_people()


@transaction.atomic
def resubmit(
    *,
    access_request_id: int,
    requester: User,
    answer: str,
    organization_name: str,
    answers: Mapping[str, str],
    reason: str,
) -> AccessRequest:
    """Answer the open question, take over corrections and hand the request to approvers again.

    Raises AccessRequest.DoesNotExist for somebody else's, and ``Refusal`` with a ``Reason``.
    """
    person = lock_person(requester.pk)
    access_request = AccessRequest.objects.locked(pk=access_request_id, requester=person)
    access_request.requester = person
    policies.may_answer(requester, access_request).or_raise()
    if not answer:
        raise Refusal(Reason.COMMENT_MISSING)
    now = clock.now()
    before = _described(access_request)
    drafts.write(
        access_request,
        role=access_request.role,
        organization_name=organization_name,
        answers=answers,
        reason=reason,
    )
    _ask(access_request, revision=None)
    access_request.resubmit(at=now)
    access_request.save()
    InformationRequest.objects.filter(
        access_request=access_request, answered_at__isnull=True
    ).update(answer=answer, answered_at=now)
    people = _send_to_court(access_request)
    events.record(
        Tag.RESUBMIT,
        actor=requester,
        target=access_request,
        before=before,
        after={**_described(access_request), "answer": answer},
    )
    emails.access_request_answered(access_request, people)
    return access_request


@transaction.atomic
def withdraw(*, tracking_number: str, requester: User) -> AccessRequest:
    """Cancel an open request; canceling it twice is the same as once.

    Raises AccessRequest.DoesNotExist for somebody else's, and ``Refusal`` with a ``Reason``.
    """
    access_request = AccessRequest.objects.locked(
        tracking_number=tracking_number, requester=requester
    )
    if access_request.status == Status.WITHDRAWN:
        return access_request
    policies.may_withdraw(requester, access_request).or_raise()
    before = access_request.status
    access_request.close(Status.WITHDRAWN, at=clock.now())
    _MOVE.write(access_request)
    events.record(
        Tag.WITHDRAW,
        actor=requester,
        target=access_request,
        before={"status": before},
        after={"status": access_request.status},
    )
    emails.access_request_withdrawn(access_request)
    return access_request


def withdraw_all(*, requester: User, actor: User | None) -> int:
    """Cancel the open requests of an account that is switched off; call it in a transaction.

    A request that somebody is working on in this moment is left to the next sweep.
    """
    return _withdraw(AccessRequest.objects.filter(requester=requester), actor)


@transaction.atomic
def withdraw_orphans() -> int:
    """Cancel open requests of accounts that are switched off; return how many there were."""
    return _withdraw(AccessRequest.objects.filter(requester__is_active=False), None)


def _withdraw(requests: AccessRequestQuerySet, actor: User | None) -> int:
    now = clock.now()
    mine = list(
        requests.open()
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
    )
    for access_request in mine:
        access_request.close(Status.WITHDRAWN, at=now)
    AccessRequest.objects.bulk_update(mine, ["status", "closed_at"])
    events.record_many(
        events.Event(
            tag=Tag.WITHDRAW,
            actor=actor,
            target=access_request,
            reason=Reason.REQUESTER_INACTIVE,
            after={"status": access_request.status},
        )
        for access_request in mine
    )
    return len(mine)


def _described(access_request: AccessRequest) -> dict[str, object]:
    """Return what the requester wrote and where it goes, for the log."""
    return {
        "status": access_request.status,
        "system": access_request.system.slug,
        "role": access_request.role.code if access_request.role else None,
        "organization": access_request.organization_label,
        "answers": access_request.answers,
        "reason": access_request.reason,
        "court": access_request.court,
        "rule": access_request.routed_rule_id,
    }
