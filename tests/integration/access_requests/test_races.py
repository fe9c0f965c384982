"""Many at once, with real threads on PostgreSQL: one outcome each, whatever the order."""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Count, F, Q

import clock
from access_requests.models import AccessRequest, Decision, Grant
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.services import decisions, drafts, expiry, grants, permissions, requests
from accounts.models import User
from accounts.services import accounts
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.counts import RACE_ROUNDS as ROUNDS
from tests.factories.access_requests import make_draft, make_grant, make_request
from tests.factories.accounts import user
from tests.integration.access_requests.conftest import World, make_world

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(60 + 20 * ROUNDS),
]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start together; a refusal's reason is a result."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return job()
        except Refusal as refusal:
            return refusal.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def check_invariants() -> None:
    """Ask the tables whether anything stands in them that must not."""
    active = Grant.objects.standing()
    assert not active.exclude(decision__outcome="approved").exists()
    assert not active.exclude(decision__access_request__status=Status.APPROVED).exists()
    doubled = active.values("person", "role", "organization").annotate(n=Count("pk"))
    assert not doubled.filter(n__gt=1).exists()
    assert not Decision.objects.filter(approver=F("requester")).exists()
    decided = AccessRequest.objects.filter(status__in=[Status.APPROVED, Status.DENIED])
    assert not decided.filter(decision__isnull=True).exists()
    undecided = Decision.objects.exclude(access_request__status=F("outcome"))
    assert not undecided.exists()
    assert not permissions.reconcile()


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world().everybody()


def test_fifty_approvers_at_once_make_one_decision(world: World) -> None:
    approvers = [user() for _ in range(50)]
    for approver in approvers:
        make_grant(approver, world.external, world.harbor)
    for _ in range(ROUNDS):
        asked = make_request(user(), world.end_user, world.harbor)
        results = at_once(
            *(
                partial(decisions.approve, tracking_number=asked.tracking_number, approver=approver)
                for approver in approvers
            )
        )
        won = [result for result in results if isinstance(result, Decision)]
        assert len(won) == 1
        assert Counter(map(str, results))[Reason.ALREADY_DECIDED] == 49
        assert Grant.objects.filter(person=asked.requester).count() == 1
        entries = AuditEntry.objects.filter(target_id=str(asked.pk), outcome="success")
        assert entries.filter(tag="access_request:approve").count() == 1
        assert OutboxMessage.objects.filter(recipient=asked.requester).count() == 1
    check_invariants()


def test_twenty_submits_at_once_make_one_request(world: World) -> None:
    for _ in range(ROUNDS):
        person = user()
        draft = make_draft(person, world.end_user, world.harbor)
        results = at_once(
            *[partial(requests.submit, access_request_id=draft.pk, requester=person)] * 20
        )
        assert len({result.tracking_number for result in results}) == 1
        assert AccessRequest.objects.filter(requester=person).count() == 1
        assert OutboxMessage.objects.filter(recipient=person).count() == 1
    check_invariants()


def test_many_windows_that_save_and_submit_make_one_open_request(world: World) -> None:
    def save_and_submit(person: User) -> AccessRequest:
        draft = drafts.save_draft(
            requester=person,
            system=world.system,
            role=world.end_user,
            organization_name="Harbor Community Health",
            answers={"navigator-or-cac-id": "NAV-1"},
            reason="Helps.",
        )
        return requests.submit(access_request_id=draft.pk, requester=person)

    for _ in range(ROUNDS):
        person = user()
        results = at_once(*[partial(save_and_submit, person)] * 10)
        assert AccessRequest.objects.open().filter(requester=person).count() == 1
        refused = {result for result in results if isinstance(result, str)}
        assert refused <= {Reason.ALREADY_PENDING}
    check_invariants()


def test_approving_against_canceling_has_one_winner(world: World) -> None:
    for _ in range(ROUNDS):
        asked = make_request(user(), world.end_user, world.harbor)
        number = asked.tracking_number
        results = at_once(
            partial(decisions.approve, tracking_number=number, approver=world.external_approver),
            partial(requests.withdraw, tracking_number=number, requester=asked.requester),
        )
        asked.refresh_from_db()
        held = Grant.objects.filter(person=asked.requester).exists()
        if asked.status == Status.APPROVED:
            assert held
            assert results[1] == Reason.ALREADY_DECIDED
        else:
            assert asked.status == Status.WITHDRAWN
            assert not held
            assert results[0] == Reason.NOT_WAITING
    check_invariants()


def test_approving_against_denying_has_one_winner(world: World) -> None:
    second = user()
    make_grant(second, world.external, world.harbor)
    for _ in range(ROUNDS):
        asked = make_request(user(), world.end_user, world.harbor)
        number = asked.tracking_number
        results = at_once(
            partial(decisions.approve, tracking_number=number, approver=world.external_approver),
            partial(decisions.deny, tracking_number=number, approver=second, comment="No."),
        )
        assert results.count(Reason.ALREADY_DECIDED) == 1
        assert Decision.objects.filter(access_request=asked).count() == 1
    check_invariants()


def test_one_form_sent_ten_times_at_once_makes_one_decision(world: World) -> None:
    for _ in range(ROUNDS):
        asked, key = make_request(user(), world.end_user, world.harbor), uuid.uuid4()
        job = partial(
            decisions.approve,
            tracking_number=asked.tracking_number,
            approver=world.external_approver,
            form_key=key,
        )
        results = at_once(*[job] * 10)
        assert len({result.pk for result in results}) == 1
    check_invariants()


def test_an_expiring_request_that_is_approved_has_one_outcome(world: World) -> None:
    for _ in range(ROUNDS):
        asked = make_request(user(), world.end_user, world.harbor)
        AccessRequest.objects.filter(pk=asked.pk).update(
            waiting_since=clock.now() - dt.timedelta(days=61),
            reminders_sent=3,
            reminded_at=clock.now() - dt.timedelta(days=11),
        )
        number = asked.tracking_number
        at_once(
            partial(decisions.approve, tracking_number=number, approver=world.external_approver),
            expiry.expire,
            expiry.expire,
        )
        asked.refresh_from_db()
        assert asked.status in {Status.APPROVED, Status.EXPIRED}
        assert Grant.objects.filter(person=asked.requester).exists() == (
            asked.status == Status.APPROVED
        )
        assert OutboxMessage.objects.filter(recipient=asked.requester).count() == 1
    check_invariants()


def test_ten_sweeps_at_once_have_one_effect(world: World) -> None:
    asked = make_request(user(), world.end_user, world.harbor, age=dt.timedelta(days=8))
    at_once(*[expiry.expire] * 10)
    assert OutboxMessage.objects.count() == 1
    asked.refresh_from_db()
    assert asked.reminders_sent == 1


def test_no_switched_off_person_ends_up_with_a_role(world: World) -> None:
    admin = cast.superuser()
    for _ in range(ROUNDS):
        asked = make_request(user(), world.end_user, world.harbor)
        number = asked.tracking_number
        at_once(
            partial(decisions.approve, tracking_number=number, approver=world.external_approver),
            partial(accounts.deactivate, user_id=asked.requester_id, actor=admin, reason="Left."),
        )
        asked.refresh_from_db()
        assert not asked.is_open
        assert not Grant.objects.active().filter(person=asked.requester_id).exists()
    check_invariants()


def test_an_approver_who_is_being_revoked_decided_before_or_not_at_all(world: World) -> None:
    admin = cast.superuser()
    for _ in range(ROUNDS):
        approver = user()
        power = make_grant(approver, world.external, world.harbor)
        asked = make_request(user(), world.end_user, world.harbor)
        number = asked.tracking_number
        at_once(
            partial(decisions.approve, tracking_number=number, approver=approver),
            partial(grants.revoke, grant_id=power.pk, actor=admin, reason="Left."),
        )
        power.refresh_from_db()
        late = Q(decided_at__gt=power.ended_at)
        assert not Decision.objects.filter(late, access_request=asked).exists()
    check_invariants()


def test_two_roles_that_exclude_each_other_are_not_both_given(world: World) -> None:
    second = user()
    make_grant(second, world.owner_role)
    for _ in range(ROUNDS):
        person = user()
        wishes = [
            make_request(person, world.help_desk_role),
            make_request(person, world.end_user, world.harbor),
        ]
        results = at_once(
            partial(
                decisions.approve, tracking_number=wishes[0].tracking_number, approver=world.owner
            ),
            partial(
                decisions.approve,
                tracking_number=wishes[1].tracking_number,
                approver=world.external_approver,
            ),
        )
        assert results.count(Reason.EXCLUDED_BY_ROLE) == 1
        assert Grant.objects.active().filter(person=person).count() == 1
    check_invariants()


def test_two_approvers_who_decide_about_each_other_do_not_block(world: World) -> None:
    one, two = user(), user()
    for approver in (one, two):
        make_grant(approver, world.external, world.harbor)
    for _ in range(ROUNDS):
        asked = [
            make_request(one, world.end_user, world.harbor),
            make_request(two, world.end_user, world.harbor),
        ]
        results = at_once(
            partial(decisions.approve, tracking_number=asked[0].tracking_number, approver=two),
            partial(decisions.approve, tracking_number=asked[1].tracking_number, approver=one),
        )
        assert all(isinstance(result, Decision) for result in results)
        for decision in results:
            grants.remove(grant_id=decision.grant.pk, holder=decision.requester)
    check_invariants()


def test_a_role_removed_and_asked_for_again_does_not_overlap(world: World) -> None:
    for _ in range(ROUNDS):
        person = user()
        held: Any = make_grant(person, world.end_user, world.harbor)
        draft = make_draft(person, world.end_user, world.harbor)
        results = at_once(
            partial(grants.remove, grant_id=held.pk, holder=person),
            partial(requests.submit, access_request_id=draft.pk, requester=person),
        )
        sent = results[1]
        if sent == Reason.ALREADY_HELD:
            sent = requests.submit(access_request_id=draft.pk, requester=person)
        decision = decisions.approve(
            tracking_number=sent.tracking_number, approver=world.external_approver
        )
        held.refresh_from_db()
        assert held.ended_at <= decision.grant.started_at
    check_invariants()
