"""What is allowed in this room; each function answers one question and writes nothing."""

import datetime as dt

from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.standing import Standing
from accounts.assurance import ial_of, is_strong
from accounts.models import User
from accounts.verdicts import ALLOWED, Verdict, refused
from catalog.models import Role

REVOKE = "access_requests.revoke_grant"
READ_LOG = "audit.view_auditentry"


def may_request(user: User, role: Role, standing: Standing, *, now: dt.datetime) -> Verdict:
    """Whether the person may ask for the role."""
    waits = standing.removed_at and now < reapply_from(role, standing.removed_at)
    obstacles = (
        (Reason.ROLE_NOT_OFFERED, not (user.is_active and _is_offered(role))),
        (Reason.NEEDS_PROOFING, ial_of(user) < role.required_ial),
        (Reason.ALREADY_HELD, standing.holds),
        (Reason.ALREADY_PENDING, standing.open_tracking_number),
        (Reason.EXCLUDED_BY_ROLE, standing.excluded_by),
        (Reason.WAIT_BEFORE_REAPPLYING, waits),
    )
    return next((refused(reason) for reason, stands in obstacles if stands), ALLOWED)


def _is_offered(role: Role) -> bool:
    return role.is_active and role.system.is_active


def reapply_from(role: Role, removed_at: dt.datetime) -> dt.datetime:
    """The moment from which a role of the system can be asked for again after a removal."""
    return removed_at + dt.timedelta(minutes=role.system.reapply_wait_minutes)


def may_submit(
    user: User,
    access_request: AccessRequest,
    standing: Standing,
    *,
    revision: int | None,
    now: dt.datetime,
) -> Verdict:
    """Whether the draft, or the answer to a question, may go to those who decide."""
    if access_request.requester_id != user.pk:
        return refused(Reason.NOT_YOURS)
    if revision is not None and revision != access_request.revision:
        return refused(Reason.CHANGED_MEANWHILE)
    if access_request.role is None or not access_request.reason or standing.lacks_answers:
        return refused(Reason.INCOMPLETE)
    if access_request.typed is not None:
        return refused(Reason.UNCONFIRMED)
    return may_request(user, access_request.role, standing, now=now)


def may_decide(
    approver: User, access_request: AccessRequest, standing: Standing, *, revision: int | None
) -> Verdict:
    """Whether the person may deny or return the request; approving asks ``may_approve`` too."""
    is_stale = revision is not None and revision != access_request.revision
    is_decided = access_request.status in {Status.APPROVED, Status.DENIED}
    obstacles = (
        (Reason.SELF_DECISION, access_request.requester_id == approver.pk),
        (Reason.NOT_YOUR_QUEUE, not (approver.is_active and standing.decides)),
        (Reason.NEEDS_MFA, not is_strong(approver)),
        (Reason.ALREADY_DECIDED, is_decided),
        (Reason.NOT_WAITING, access_request.status != Status.PENDING),
        (Reason.CHANGED_MEANWHILE, is_stale),
    )
    return next((refused(reason) for reason, stands in obstacles if stands), ALLOWED)


def may_approve(requester: User, role: Role, standing: Standing) -> Verdict:
    """Whether the requester can be given the role now, whoever decides."""
    if not requester.is_active:
        return refused(Reason.REQUESTER_INACTIVE)
    if not _is_offered(role):
        return refused(Reason.ROLE_NOT_OFFERED)
    if ial_of(requester) < role.required_ial:
        return refused(Reason.NEEDS_PROOFING)
    if standing.holds:
        return refused(Reason.ALREADY_HELD)
    if standing.excluded_by:
        return refused(Reason.EXCLUDED_BY_ROLE)
    return ALLOWED


def may_withdraw(user: User, access_request: AccessRequest) -> Verdict:
    """Whether the person may cancel the request."""
    if access_request.requester_id != user.pk:
        return refused(Reason.NOT_YOURS)
    if access_request.status in {Status.APPROVED, Status.DENIED}:
        return refused(Reason.ALREADY_DECIDED)
    return ALLOWED if access_request.is_open else refused(Reason.NOT_WAITING)


def may_answer(user: User, access_request: AccessRequest) -> Verdict:
    """Whether the person may answer the question and submit the request again."""
    if access_request.requester_id != user.pk:
        return refused(Reason.NOT_YOURS)
    returned = access_request.status == Status.RETURNED
    return ALLOWED if returned else refused(Reason.NOT_WAITING)


def may_remove(user: User, grant: Grant) -> Verdict:
    """Whether the person may give the role back."""
    if grant.person_id != user.pk:
        return refused(Reason.NOT_YOURS)
    return ALLOWED if grant.ended_at is None else refused(Reason.ALREADY_ENDED)


def may_revoke(user: User, grant: Grant) -> Verdict:
    """Whether the person may take the role from its holder."""
    if grant.person_id == user.pk:
        return refused(Reason.OWN_ACCESS)
    if not (user.is_active and user.has_perm(REVOKE)):
        return refused(Reason.NO_RIGHT)
    if not is_strong(user):
        return refused(Reason.NEEDS_MFA)
    return ALLOWED if grant.ended_at is None else refused(Reason.ALREADY_ENDED)
