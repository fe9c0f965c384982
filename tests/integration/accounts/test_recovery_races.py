"""Recoveries at the same moment, with real threads on PostgreSQL."""

from typing import Any

import pytest
from django.db import transaction

from accounts.models import AccountEvent, Disavowal, PasswordHistory, PasswordReset, SecurityCase
from accounts.services import (
    disavowal,
    recovery_finish,
    recovery_proof,
    recovery_start,
)
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.challenge import ANSWERS, give_answers
from tests.integration.accounts.recovery_pages import NEW
from tests.integration.accounts.test_sign_in_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 12


def mails(name: str) -> int:
    """How many mails of a kind were written."""
    return OutboxMessage.objects.filter(name=name).count()


def a_recovery() -> PasswordReset:
    """A recovery whose link is out."""
    user = give_answers(cast.assister())
    recovery_start.start(user_id=user.user_id, answers=ANSWERS, address="198.51.100.7")
    return PasswordReset.objects.get()


def test_of_many_questions_answered_at_once_one_link_stays_alive() -> None:
    user = give_answers(cast.assister())

    at_once(
        TIMES,
        lambda _index: recovery_start.start(
            user_id=user.user_id, answers=ANSWERS, address="198.51.100.7"
        ),
    )

    assert PasswordReset.objects.filter(status__in=PasswordReset.ALIVE).count() == 1
    assert mails("account_reset_link") <= recovery_start.MAILS_PER_PERSON


def test_one_second_proof_given_many_times_goes_on_once() -> None:
    reset = a_recovery()

    outcomes = at_once(
        TIMES,
        lambda _index: recovery_proof.prove_by_answers(
            reset=PasswordReset.objects.select_related("user").get(pk=reset.pk),
            answers=ANSWERS,
            address="198.51.100.7",
        ),
    )

    proven = [outcome for outcome in outcomes if outcome not in {"reset_over", "answers_wrong"}]
    assert len(proven) == 1
    assert AuditEntry.objects.filter(tag="recovery:prove").count() == 1


def test_one_new_password_sent_many_times_is_set_once() -> None:
    reset = a_recovery()
    found = recovery_proof.find(reset_id=reset.pk, link_number=reset.link_number)
    assert found is not None
    token = recovery_proof.prove_by_answers(reset=found, answers=ANSWERS, address="198.51.100.7")

    outcomes = at_once(
        TIMES,
        lambda _index: recovery_finish.complete(reset_id=reset.pk, token=token, password=NEW),
    )

    assert sum(not isinstance(outcome, str) for outcome in outcomes) == 1
    assert PasswordHistory.objects.count() == 1
    assert AuditEntry.objects.filter(tag="password:reset").count() == 1
    assert mails("account_password_reset") == 1


def test_one_disavowal_pressed_many_times_opens_one_case() -> None:
    user = cast.assister()
    with transaction.atomic():
        disavowal.link(user, AccountEvent.SIGNED_IN)
    row = Disavowal.objects.get()

    outcomes = at_once(
        TIMES, lambda _index: disavowal.disown(disavowal_id=row.pk, address="198.51.100.7")
    )

    assert outcomes.count("disavowal_over") == TIMES - 1
    assert SecurityCase.objects.count() == 1
    assert AuditEntry.objects.filter(tag="account:freeze").count() == 1


def test_a_freeze_and_a_new_password_at_once_leave_the_account_frozen() -> None:
    reset = a_recovery()
    found = recovery_proof.find(reset_id=reset.pk, link_number=reset.link_number)
    assert found is not None
    token = recovery_proof.prove_by_answers(reset=found, answers=ANSWERS, address="198.51.100.7")
    row = Disavowal.objects.filter(event=AccountEvent.RECOVERY_STARTED).latest("pk")

    def work(index: int) -> Any:
        if index:
            return disavowal.disown(disavowal_id=row.pk, address="")
        return recovery_finish.complete(reset_id=reset.pk, token=token, password=NEW)

    at_once(2, work)

    user = found.user
    user.refresh_from_db()
    assert user.frozen_at is not None
    assert not user.is_active
    assert not user.has_usable_password()
