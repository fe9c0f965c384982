"""How an inquiry about an identity goes on: questions, another try, passed, failed, or trouble."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

import clock
from accounts import emails_proofing
from accounts.audit_tags import Tag
from accounts.models import ProofingAttempt, ProofingCase, User
from accounts.services import proofing_cases
from audit import events

Status = ProofingAttempt.Status
Cause = ProofingAttempt.Cause


@transaction.atomic
def settle(reserved: ProofingAttempt, cause: str, *, reference: str) -> ProofingAttempt:
    """Write down what the bureau said; no cause means that it had nothing against the person."""
    now = clock.now()
    user = locked_person(reserved.user_id)
    attempt = ProofingAttempt.objects.select_for_update().get(pk=reserved.pk)
    if attempt.status != Status.CHECKING or attempt.set_number != reserved.set_number:
        return attempt
    attempt.reference = reference
    if cause in {Cause.TIMEOUT, Cause.GARBAGE, Cause.DOWN}:
        _end_without_fail(attempt, cause, now)
    elif cause == Cause.WRONG_ANSWERS and _may_try_again(user, attempt):
        _ask_again(user, attempt, now)
    elif cause:
        _fail(user, attempt, cause, now)
    elif attempt.set_number == 0:
        _open_questions(user, attempt, now)
    else:
        _pass(user, attempt, now)
    return attempt


@transaction.atomic
def interrupt(shown: ProofingAttempt, cause: str) -> None:
    """End an inquiry whose questions cannot be shown; no fail."""
    locked_person(shown.user_id)
    attempt = ProofingAttempt.objects.select_for_update().get(pk=shown.pk)
    if attempt.status == Status.QUESTIONS and attempt.set_number == shown.set_number:
        attempt.fails += 1  # given back below, as for a call that was reserved
        _end_without_fail(attempt, cause, clock.now())


@transaction.atomic
def settle_overdue(*, user_id: int) -> bool:
    """End the open inquiry of a person whose time is over; returns whether there was one.

    Unanswered questions count as a fail; a check that was cut off does not.
    """
    now = clock.now()
    user = locked_person(user_id)
    attempt = (
        ProofingAttempt.objects.select_for_update()
        .filter(user=user, status__in=ProofingAttempt.OPEN, due_at__lte=now)
        .first()
    )
    if attempt is None:
        return False
    if attempt.status == Status.CHECKING:
        _end_without_fail(attempt, Cause.INTERRUPTED, now)
    else:
        attempt.fails += 1
        _fail(user, attempt, Cause.TIME_OVER, now)
    return True


def _open_questions(user: User, attempt: ProofingAttempt, now: datetime) -> None:
    attempt.give_back()
    attempt.ask(until=now + settings.PROOFING_TIME)
    attempt.save()
    events.record(Tag.PROOFING_ASK, actor=user, target=attempt, after=_described(attempt))


def _may_try_again(user: User, attempt: ProofingAttempt) -> bool:
    fails = proofing_cases.fails_of(user.pk)
    return attempt.set_number < settings.PROOFING_SETS and fails < settings.PROOFING_FAIL_LIMIT


def _ask_again(user: User, attempt: ProofingAttempt, now: datetime) -> None:
    attempt.ask(until=now + settings.PROOFING_TIME)
    attempt.save()
    events.record(
        Tag.PROOFING_ASK,
        actor=user,
        target=attempt,
        outcome="failed",
        after={**_described(attempt), "before": Cause.WRONG_ANSWERS},
    )


def _pass(user: User, attempt: ProofingAttempt, now: datetime) -> None:
    attempt.give_back()
    attempt.finish(Status.PASSED, at=now)
    attempt.save()
    before = user.ial
    user.proof(at=now)
    user.save()
    proofing_cases.close_proven(user, way=ProofingCase.Way.ONLINE)
    events.record(
        Tag.PROOFING_PASS,
        actor=user,
        target=user,
        before={"ial": before},
        after={"ial": user.ial, **_described(attempt)},
    )
    emails_proofing.passed(user, way=ProofingCase.Way.ONLINE)


def _fail(user: User, attempt: ProofingAttempt, cause: str, now: datetime) -> None:
    attempt.finish(Status.FAILED, at=now, cause=cause)
    attempt.save()
    events.record(
        Tag.PROOFING_FAIL,
        actor=user,
        target=attempt,
        outcome="failed",
        after={**_described(attempt), "cause": cause},
    )
    left = settings.PROOFING_FAIL_LIMIT - proofing_cases.fails_of(user.pk)
    if left > 0:
        emails_proofing.failed(user, tries_left=left)
    else:
        proofing_cases.open_after_fails(user)


def _end_without_fail(attempt: ProofingAttempt, cause: str, now: datetime) -> None:
    attempt.give_back()
    attempt.finish(Status.TROUBLE, at=now, cause=cause)
    attempt.save()
    events.record(
        Tag.PROOFING_TROUBLE,
        actor=attempt.user,
        target=attempt,
        outcome="failed",
        after={**_described(attempt), "cause": cause},
    )


def _described(attempt: ProofingAttempt) -> dict[str, object]:
    """What the log keeps of an inquiry: who was asked, under which reference, which try."""
    return {
        "provider": attempt.provider,
        "reference": attempt.reference,
        "status": attempt.status,
        "set": attempt.set_number,
        "fails": attempt.fails,
    }


def locked_person(user_id: int) -> User:
    """One inquiry or case of a person changes at a time."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)
