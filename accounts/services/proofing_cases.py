"""The way on when the bureau cannot prove somebody online: a case, by phone, then on paper.

Rooms above that serve callers decide which agent serves which person, and ask their own policy
before they call ``record_phone`` or ``record_manual``.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Subquery, Sum, Value
from django.db.models.functions import Coalesce

import clock
from accounts import emails_proofing, policies
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.proofing import calls, references
from accounts.reasons import Reason
from accounts.verdicts import Refusal
from audit import events

Status = ProofingCase.Status
Way = ProofingCase.Way
Document = ProofingCase.Document

_BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def fails_of(user_id: int) -> int:
    """How often the bureau said no since the person's last case was closed; one statement."""
    closed = ProofingCase.objects.filter(user_id=user_id, closed_at__isnull=False)
    since = Coalesce(
        Subquery(closed.order_by("-closed_at").values("closed_at")[:1]), Value(_BEFORE_ALL)
    )
    attempts = ProofingAttempt.objects.filter(user_id=user_id, created_at__gt=since)
    return int(attempts.aggregate(total=Sum("fails", default=0))["total"])


def find(reference: str) -> ProofingCase | None:
    """The case with this number in any way of writing it, for somebody who has it on the phone."""
    number = references.normalise(reference)
    return ProofingCase.objects.select_related("user").filter(reference=number).first()


@transaction.atomic
def open_by_choice(*, user: User, by_phone: bool) -> ProofingCase:
    """Open a case because the person asks for it, by phone or with documents only.

    Returns the open case when there is one already. Raises ``Refusal`` PROOFED_ALREADY.
    """
    person = _locked_person(user.pk)
    policies.may_open_case(person).or_raise()
    existing = ProofingCase.objects.filter(user=person, status__in=ProofingCase.OPEN).first()
    return existing or _open(person, cause=ProofingCase.Cause.CHOSEN, by_phone=by_phone)


def open_after_fails(user: User) -> ProofingCase:
    """Open the case of a person whose tries are used up, or take the open one; in a transaction."""
    existing = ProofingCase.objects.filter(user=user, status__in=ProofingCase.OPEN).first()
    if existing is not None:
        emails_proofing.case_opened(existing)
        return existing
    return _open(user, cause=ProofingCase.Cause.FAILED, by_phone=True)


def _open(user: User, *, cause: str, by_phone: bool) -> ProofingCase:
    # Where no bureau takes part, nobody can be proven over the phone either.
    status = Status.PHONE if by_phone and calls.provider() is not None else Status.MANUAL
    case = ProofingCase.objects.create(
        user=user,
        reference=references.new(),
        status=status,
        cause=cause,
        opened_at=clock.now(),
    )
    events.record(
        Tag.PROOFING_CASE_OPEN,
        actor=user,
        target=case,
        after={"status": case.status, "cause": case.cause},
    )
    emails_proofing.case_opened(case)
    return case


@transaction.atomic
def record_phone(*, case_id: int, agent: User, passed: bool, reason: str) -> ProofingCase:
    """Record how the check by phone ended; without success the documents are next.

    Raises ProofingCase.DoesNotExist, and ``Refusal`` CASE_ELSEWHERE unless the case waits for the
    phone, OWN_ACCOUNT, HIGHER_ACCOUNT, NOT_ALLOWED or REASON_MISSING.
    """
    now = clock.now()
    case = _locked_case(case_id)
    _ask(agent, case, reason, expected=Status.PHONE)
    case.hear(by=agent, at=now)
    if passed:
        return _prove(case, Way.PHONE, agent=agent, reason=reason, tag=Tag.PROOFING_CASE_PHONE)
    case.pass_on()
    case.save()
    _record(Tag.PROOFING_CASE_PHONE, case, agent, reason, before=Status.PHONE)
    emails_proofing.documents_wanted(case)
    return case


@transaction.atomic
def record_manual(
    *, case_id: int, agent: User, passed: bool, documents: Sequence[str], reason: str
) -> ProofingCase:
    """Record which kinds of documents were seen and whether they prove the identity.

    ``documents`` are values of ``ProofingCase.Document``; copies and numbers are not kept. To
    prove somebody takes one document with a photograph and one more. Raises
    ProofingCase.DoesNotExist, and ``Refusal`` as ``record_phone`` does, or DOCUMENTS_MISSING.
    """
    now = clock.now()
    case = _locked_case(case_id)
    _ask(agent, case, reason, expected=Status.MANUAL)
    seen = sorted({Document(kind).value for kind in documents})
    if passed and not policies.are_enough_documents(seen):
        raise Refusal(Reason.DOCUMENTS_MISSING)
    case.see(seen, by=agent, at=now)
    if passed:
        return _prove(case, Way.DOCUMENTS, agent=agent, reason=reason, tag=Tag.PROOFING_CASE_MANUAL)
    case.close_unproven(at=now)
    case.save()
    _record(Tag.PROOFING_CASE_MANUAL, case, agent, reason, before=Status.MANUAL)
    emails_proofing.not_proven(case)
    return case


def close_proven(user: User, *, way: str) -> None:
    """Close the open case of a person who was proven in another way; call it in a transaction."""
    now = clock.now()
    for case in ProofingCase.objects.select_for_update().filter(
        user=user, status__in=ProofingCase.OPEN
    ):
        before = case.status
        case.prove(way, at=now)
        case.save()
        events.record(
            Tag.PROOFING_CASE_CLOSE,
            actor=user,
            target=case,
            before={"status": before},
            after={"status": case.status, "proven_by": case.proven_by},
        )


def _prove(case: ProofingCase, way: str, *, agent: User, reason: str, tag: Tag) -> ProofingCase:
    before, level, now = case.status, case.user.ial, clock.now()
    case.prove(way, at=now)
    case.save()
    if level < IAL.PROOFED:
        case.user.proof(at=now)
        case.user.save()
    _record(tag, case, agent, reason, before=before, ial=level)
    emails_proofing.passed(case.user, way=way)
    return case


def _record(
    tag: Tag, case: ProofingCase, agent: User, reason: str, *, before: str, ial: int | None = None
) -> None:
    events.record(
        tag,
        actor=agent,
        target=case,
        reason=reason.strip(),
        on_behalf_of=case.user,
        before={"status": before} | ({} if ial is None else {"ial": ial}),
        after={"status": case.status, "documents": case.documents, "proven_by": case.proven_by}
        | ({} if ial is None else {"ial": case.user.ial}),
    )


def _ask(agent: User, case: ProofingCase, reason: str, *, expected: str) -> None:
    policies.may_judge_identity(agent, case.user).or_raise()
    if case.status != expected:
        raise Refusal(Reason.CASE_ELSEWHERE)
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)


def _locked_person(user_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _locked_case(case_id: int) -> ProofingCase:
    """The person first, then the case, as everywhere in proofing."""
    person_id = ProofingCase.objects.values_list("user_id", flat=True).get(pk=case_id)
    person = _locked_person(person_id)
    case = ProofingCase.objects.select_for_update().get(pk=case_id)
    case.user = person
    return case
