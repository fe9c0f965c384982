"""A suspension rests an account: nobody signs in, nothing is lost, and it can end."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import clock
from access_requests.models import Grant
from accounts.models import User
from accounts.reasons import Reason
from accounts.services import accounts, suspension
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return cast.portal_help_desk()


@pytest.fixture
def person() -> User:
    return cast.assister()


def _suspended(person: User, agent: User) -> User:
    suspension.suspend(user_id=person.pk, actor=agent, reason="Account shared in an office")
    person.refresh_from_db()
    return person


def test_sessions_end_and_the_access_rests(person: User, agent: User) -> None:
    grant = make_grant(person, make_role())
    client = cast.client_of(person)
    _suspended(person, agent)
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert not Grant.objects.active().filter(pk=grant.pk).exists()
    assert Grant.objects.standing().filter(pk=grant.pk).exists()


def test_the_end_gives_the_access_back(person: User, agent: User) -> None:
    grant = make_grant(person, make_role())
    _suspended(person, agent)
    suspension.unsuspend(user_id=person.pk, actor=agent, reason="Training done")
    person.refresh_from_db()
    assert person.is_active
    assert person.suspended_at is None
    assert Grant.objects.active().filter(pk=grant.pk).exists()


def test_both_are_recorded_once_and_told(person: User, agent: User) -> None:
    _suspended(person, agent)
    suspension.unsuspend(user_id=person.pk, actor=agent, reason="Training done")
    told = [
        (entry.tag, entry.actor_id, entry.reason)
        for entry in AuditEntry.objects.filter(tag__contains="suspend").order_by("pk")
    ]
    assert told == [
        ("account:suspend", agent.pk, "Account shared in an office"),
        ("account:unsuspend", agent.pk, "Training done"),
    ]
    mails = OutboxMessage.objects.filter(to=person.email).order_by("pk")
    assert [mail.subject for mail in mails] == [
        "Your account was suspended",
        "Your account is open again",
    ]


def test_a_suspended_account_can_still_be_closed_for_good(person: User, agent: User) -> None:
    _suspended(person, agent)
    accounts.deactivate(user_id=person.pk, actor=cast.superuser(), reason="Left")
    with pytest.raises(Refusal) as caught:
        suspension.unsuspend(user_id=person.pk, actor=agent, reason="Back")
    assert caught.value.reason == Reason.ALREADY_SO


@pytest.mark.parametrize(
    ("reason", "own", "before", "expected"),
    [
        ("  ", False, False, Reason.REASON_MISSING),
        ("Why", True, False, Reason.OWN_ACCOUNT),
        ("Why", False, True, Reason.ALREADY_SO),
    ],
)
def test_what_is_refused(
    person: User, agent: User, reason: str, own: bool, before: bool, expected: Reason
) -> None:
    if before:
        _suspended(person, agent)
    with pytest.raises(Refusal) as caught:
        suspension.suspend(user_id=person.pk, actor=person if own else agent, reason=reason)
    assert caught.value.reason == expected


def test_nobody_is_unsuspended_who_was_not_suspended(person: User, agent: User) -> None:
    with pytest.raises(Refusal) as caught:
        suspension.unsuspend(user_id=person.pk, actor=agent, reason="Why")
    assert caught.value.reason == Reason.ALREADY_SO


def test_the_database_knows_no_open_account_that_is_suspended(person: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(suspended_at=clock.now())
