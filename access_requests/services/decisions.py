"""What an approver does: approve, deny, return for information."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError

import clock
from access_requests import emails, needs, policies, routing, standing
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest, Decision, InformationRequest
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.services import grants, recognition
from access_requests.services.locks import lock_for_decision
from access_requests.services.refusals import recorded
from access_requests.standing import Standing
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events
from prepared import Insert, Update

_INSERT = Insert(Decision)
_MOVE = Update(AccessRequest, AccessRequest.MOVED)


def approve(
    *,
    tracking_number: str,
    approver: User,
    comment: str = "",
    revision: int | None = None,
    form_key: UUID | None = None,
) -> Decision:
    """Give the requester the role. A form sent twice (same key) gives the first outcome again.

    ``revision`` is the one the approver has read. Raises AccessRequest.DoesNotExist and
    ``Refusal`` with a ``Reason``.
    """
    with recorded(Tag.APPROVE, actor=approver, tracking_number=tracking_number), _own_key():
        access_request, known = lock_for_decision(
            tracking_number=tracking_number, approver=approver
        )
        repeated = _repeated(access_request, approver, form_key)
        if repeated is not None:
            return repeated
        recognition.recognize(access_request, actor=approver)
        facts = _ask(known[approver.pk], access_request, revision)
        policies.may_approve(access_request.requester, access_request.wanted_role, facts).or_raise()
        now = clock.now()
        decision = _decide(
            access_request, approver, Decision.Outcome.APPROVED, comment, form_key, now
        )
        grant = grants.issue(access_request=access_request, decision=decision, at=now)
        events.record_many(
            [
                _event(Tag.APPROVE, approver, access_request, decision),
                grants.issue_event(grant, actor=approver),
            ]
        )
        wanted = needs.demanded_by(grant.role, decides=facts.approves_others)
        waits_for = needs.missing(access_request.requester, wanted)
        emails.access_request_approved(access_request, decision, waits_for=waits_for)
        if facts.approves_others or grants.carries_permission(grant):
            grants.pass_to_new_holder(grant, actor=approver)
    return decision


def deny(
    *,
    tracking_number: str,
    approver: User,
    comment: str,
    revision: int | None = None,
    form_key: UUID | None = None,
) -> Decision:
    """Refuse the role, with a reason for the requester. Repeats and raises as ``approve``."""
    with recorded(Tag.DENY, actor=approver, tracking_number=tracking_number), _own_key():
        access_request, known = lock_for_decision(
            tracking_number=tracking_number, approver=approver
        )
        repeated = _repeated(access_request, approver, form_key)
        if repeated is not None:
            return repeated
        _ask(known[approver.pk], access_request, revision)
        if not comment:
            raise Refusal(Reason.COMMENT_MISSING)
        now = clock.now()
        decision = _decide(
            access_request, approver, Decision.Outcome.DENIED, comment, form_key, now
        )
        events.record_many([_event(Tag.DENY, approver, access_request, decision)])
        emails.access_request_denied(access_request, decision)
    return decision


def return_for_information(
    *,
    tracking_number: str,
    approver: User,
    question: str,
    revision: int | None = None,
    form_key: UUID | None = None,
) -> InformationRequest:
    """Hand the request back with a question. Repeats and raises as ``approve``."""
    with recorded(Tag.RETURN, actor=approver, tracking_number=tracking_number), _own_key():
        access_request, known = lock_for_decision(
            tracking_number=tracking_number, approver=approver
        )
        if form_key is not None and access_request.status != Status.PENDING:
            asked = InformationRequest.objects.filter(
                access_request=access_request, form_key=form_key, asked_by=approver
            ).first()
            if asked is not None:
                return asked
        _ask(known[approver.pk], access_request, revision)
        if not question:
            raise Refusal(Reason.COMMENT_MISSING)
        now = clock.now()
        access_request.return_for_information(at=now)
        _MOVE.write(access_request)
        asked = InformationRequest.objects.create(
            access_request=access_request,
            asked_by=approver,
            question=question,
            asked_at=now,
            form_key=form_key,
        )
        events.record(
            Tag.RETURN,
            actor=approver,
            target=access_request,
            before={"status": Status.PENDING},
            after={"status": access_request.status, "question": question},
        )
        emails.access_request_returned(access_request, asked)
    return asked


@contextmanager
def _own_key() -> Iterator[None]:
    """A form key that belongs to another decision is no key of this form."""
    try:
        yield
    except IntegrityError as error:
        if "form_key" in str(error):
            raise Refusal(Reason.CHANGED_MEANWHILE) from error
        raise


def _repeated(
    access_request: AccessRequest, approver: User, form_key: UUID | None
) -> Decision | None:
    """Return the decision that this very form has made before."""
    if form_key is None or access_request.status not in {Status.APPROVED, Status.DENIED}:
        return None
    return Decision.objects.filter(
        access_request=access_request, form_key=form_key, approver=approver
    ).first()


def _ask(approver: User, access_request: AccessRequest, revision: int | None) -> Standing:
    facts = standing.look(
        person=access_request.requester,
        role=access_request.wanted_role,
        organization_id=access_request.organization_id,
        except_request=access_request.pk,
        decider=approver,
        court_of=access_request,
    )
    policies.may_decide(approver, access_request, facts, revision=revision).or_raise()
    return facts


def _decide(
    access_request: AccessRequest,
    approver: User,
    outcome: Decision.Outcome,
    comment: str,
    form_key: UUID | None,
    now: dt.datetime,
) -> Decision:
    decision = Decision(
        access_request=access_request,
        requester=access_request.requester,
        approver=approver,
        outcome=outcome,
        comment=comment,
        capacity=routing.capacity(access_request),
        form_key=form_key,
        decided_at=now,
    )
    _INSERT.write([decision])
    access_request.close(Status(outcome.value), at=decision.decided_at)
    _MOVE.write(access_request)
    return decision


def _event(
    tag: Tag, approver: User, access_request: AccessRequest, decision: Decision
) -> events.Event:
    return events.Event(
        tag=tag,
        actor=approver,
        target=access_request,
        before={"status": Status.PENDING},
        after={
            "status": access_request.status,
            "comment": decision.comment,
            "decided_as": decision.capacity,
        },
    )
