"""Proving an identity online: asks the bureau, counts the tries, and never takes silence for yes.

What a person types is handed to the bureau and dropped; no statement of this module sees it. The
bureau is asked between two transactions: the first reserves the try, the second settles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

import clock
from accounts import policies
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.proofing import calls
from accounts.proofing.provider import Applicant, Found, Judged, Question, Trouble
from accounts.reasons import Reason
from accounts.services import proofing_cases, proofing_results, throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

Status = ProofingAttempt.Status
Cause = ProofingAttempt.Cause

_DAY = timedelta(days=1)
# A call takes seconds; what is still being checked after this was cut off by a crash.
_CHECK_TIME = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a person has got: the newest inquiry and case, and the tries that count."""

    is_proofed: bool
    attempt: ProofingAttempt | None
    case: ProofingCase | None
    fails: int

    @property
    def has_questions(self) -> bool:
        """Whether questions wait for answers."""
        return self.attempt is not None and self.attempt.status == Status.QUESTIONS

    @property
    def has_void_attempt(self) -> bool:
        """Whether the newest inquiry proved an identity and the owner disowned it."""
        passed = self.attempt is not None and self.attempt.status == Status.PASSED
        return passed and not self.is_proofed

    @property
    def has_void_case(self) -> bool:
        """Whether the newest case proved an identity and the owner disowned it."""
        proven = self.case is not None and self.case.status == ProofingCase.Status.PROVEN
        return proven and not self.is_proofed

    @property
    def open_case(self) -> ProofingCase | None:
        """The case that somebody works on, if there is one."""
        return self.case if self.case is not None and self.case.is_open else None

    @property
    def tries_left(self) -> int:
        """How often the bureau may still say no."""
        return max(0, settings.PROOFING_FAIL_LIMIT - self.fails)


def standing(user: User) -> Standing:
    """How far the person has got; settles an inquiry whose time is over. Three statements."""
    attempt = _newest(user.pk)
    if attempt is not None and attempt.is_open and attempt.due_at <= clock.now():
        proofing_results.settle_overdue(user_id=user.pk)
        attempt = _newest(user.pk)
    return Standing(
        is_proofed=user.ial >= IAL.PROOFED,
        attempt=attempt,
        case=ProofingCase.objects.filter(user=user).order_by("-opened_at").first(),
        fails=proofing_cases.fails_of(user.pk),
    )


@sensitive_variables("applicant")
def begin(*, user: User, applicant: Applicant, terms_accepted_at: datetime) -> ProofingAttempt:
    """Ask the bureau about the person; returns the inquiry, with questions open or over.

    Raises ``Refusal`` PROOFED_ALREADY, PROOFING_OFFLINE, PROOFING_LOCKED, PROOFING_UNDER_WAY or
    TOO_MANY_INQUIRIES, all before the bureau learns anything.
    """
    proofing_results.settle_overdue(user_id=user.pk)
    bucket = Bucket(Purpose.PROOFING, str(user.pk), settings.PROOFING_INQUIRIES_A_DAY, _DAY, _DAY)
    if not throttle.is_allowed(bucket):
        raise Refusal(Reason.TOO_MANY_INQUIRIES)
    attempt = _reserve_inquiry(user.pk, terms_accepted_at)
    try:
        found, reference = calls.start(applicant)
    except Trouble as trouble:
        return proofing_results.settle(attempt, trouble.cause, reference="")
    causes = {Found.NOT_FOUND: Cause.NOT_FOUND, Found.THIN_FILE: Cause.THIN_FILE}
    return proofing_results.settle(attempt, causes.get(found, ""), reference=reference)


def questions(*, attempt: ProofingAttempt) -> list[Question]:
    """The open questions of an inquiry. Raises ``Trouble`` and ends the inquiry without a fail."""
    try:
        return calls.questions(attempt.reference, attempt.set_number)
    except Trouble as trouble:
        proofing_results.interrupt(attempt, trouble.cause)
        raise


def answer(
    *, user: User, attempt_id: int, set_number: int, choices: Sequence[int]
) -> ProofingAttempt:
    """Have the answers judged; returns the inquiry: passed, failed, or with new questions open.

    Raises ProofingAttempt.DoesNotExist for somebody else's and ``Refusal`` QUESTIONS_OVER for
    questions that were answered already or whose time is over; each set is judged once.
    """
    proofing_results.settle_overdue(user_id=user.pk)
    attempt = _reserve_answers(user.pk, attempt_id, set_number)
    try:
        judged = calls.answer(attempt.reference, set_number, choices)
    except Trouble as trouble:
        return proofing_results.settle(attempt, trouble.cause, reference=attempt.reference)
    cause = "" if judged is Judged.PASSED else Cause.WRONG_ANSWERS
    return proofing_results.settle(attempt, cause, reference=attempt.reference)


def sweep() -> int:
    """End every inquiry whose time is over; returns how many. Safe to run again."""
    overdue = ProofingAttempt.objects.filter(
        status__in=ProofingAttempt.OPEN, due_at__lte=clock.now()
    )
    people = list(overdue.order_by("due_at").values_list("user_id", flat=True))
    return sum(proofing_results.settle_overdue(user_id=user_id) for user_id in people)


# --- Steps, each one transaction or a part of one ---


@transaction.atomic
def _reserve_inquiry(user_id: int, terms_accepted_at: datetime) -> ProofingAttempt:
    now = clock.now()
    user = proofing_results.locked_person(user_id)
    bureau = calls.provider()
    policies.may_prove_online(
        user,
        is_offered=bureau is not None,
        is_under_way=ProofingAttempt.objects.filter(
            user=user, status__in=ProofingAttempt.OPEN
        ).exists(),
        fails=proofing_cases.fails_of(user_id),
    ).or_raise()
    attempt = ProofingAttempt.objects.create(
        user=user,
        provider=bureau.name if bureau else "",
        terms_version=settings.PROOFING_TERMS_VERSION,
        terms_accepted_at=terms_accepted_at,
        due_at=now + _CHECK_TIME,
        created_at=now,
    )
    events.record(
        Tag.PROOFING_START, actor=user, target=attempt, after={"provider": attempt.provider}
    )
    return attempt


@transaction.atomic
def _reserve_answers(user_id: int, attempt_id: int, set_number: int) -> ProofingAttempt:
    now = clock.now()
    user = proofing_results.locked_person(user_id)
    attempt = ProofingAttempt.objects.select_for_update().get(pk=attempt_id, user=user)
    if attempt.status != Status.QUESTIONS or attempt.set_number != set_number:
        raise Refusal(Reason.QUESTIONS_OVER)
    attempt.take_answers(until=now + _CHECK_TIME)
    attempt.save()
    return attempt


def _newest(user_id: int) -> ProofingAttempt | None:
    return ProofingAttempt.objects.filter(user_id=user_id).order_by("-created_at").first()
