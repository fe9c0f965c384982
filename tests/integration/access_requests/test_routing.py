"""Who decides: the ladder, both directions of it, and what moves when people come and go."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from guardian.shortcuts import assign_perm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from access_requests import routing, waiting
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Court, Status
from access_requests.services import decisions, grants, rerouting
from accounts import policies
from accounts.models import User
from accounts.services import accounts
from audit.models import AuditEntry
from catalog.models import ApprovalRule
from notifications.models import OutboxMessage
from tests import cast, counts
from tests.factories.access_requests import make_grant, make_request
from tests.factories.accounts import strong, user
from tests.factories.catalog import make_role, make_rule, make_system
from tests.factories.organizations import make_organization
from tests.integration.access_requests.conftest import World


def ask(world: World, person: User | None = None, **fields: Any) -> Any:
    return make_request(person or world.assister, world.end_user, world.harbor, **fields)


def people(access_request: Any) -> set[User]:
    return set(routing.approvers_for(access_request))


# --- The ladder of zONE End User ------------------------------------------------------------


def test_an_external_approver_of_the_same_organization_comes_first(world: World) -> None:
    world.everybody()
    assert people(ask(world)) == {world.external_approver}


def test_without_one_the_cms_approver_decides(world: World) -> None:
    _ = world.cms_approver, world.owner, world.desk
    assert people(ask(world)) == {world.cms_approver}


def test_an_external_approver_of_another_organization_does_not_count(world: World) -> None:
    _ = world.cms_approver
    make_grant(world.external_approver, world.external, make_organization())
    elsewhere = make_request(world.assister, world.end_user, make_organization())
    assert people(elsewhere) == {world.cms_approver}


def test_then_the_business_owner(world: World) -> None:
    _ = world.owner, world.desk
    assert people(ask(world)) == {world.owner}


def test_then_the_portal_help_desk(world: World) -> None:
    _ = world.desk
    sent = ask(world)
    assert (sent.court, people(sent)) == (Court.HELP_DESK, {world.desk})


def test_the_owner_stands_below_a_ladder_that_has_nobody(world: World) -> None:
    _ = world.owner, world.desk
    role = make_role(world.system, "assigned-only")
    sent = make_request(world.assister, role)
    assert (sent.court, people(sent)) == (Court.OWNER, {world.owner})


def test_the_requester_does_not_count(world: World) -> None:
    world.everybody()
    mine = ask(world, world.external_approver)
    assert people(mine) == {world.cms_approver}


def test_inactive_people_do_not_count(world: World) -> None:
    world.everybody()
    User.objects.filter(pk=world.external_approver.pk).update(
        is_active=False, deactivated_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    assert people(ask(world)) == {world.cms_approver}


def test_people_without_a_strong_factor_do_not_count(world: World) -> None:
    world.everybody()
    User.objects.filter(pk=world.external_approver.pk).update(has_strong_factor=False)
    sent = ask(world)
    assert people(sent) == {world.cms_approver}
    world.external_approver.refresh_from_db()
    assert not routing.queue_of(world.external_approver).exists()


def test_a_request_without_a_known_organization_skips_the_same_organization(world: World) -> None:
    world.everybody()
    make_grant(world.stranger, world.external)
    sent = make_request(world.assister, world.end_user, organization_name="Unknown Clinic")
    assert people(sent) == {world.cms_approver}


@pytest.mark.parametrize("on", ["role", "system"])
@pytest.mark.parametrize("through_group", [False, True])
def test_assigned_people_decide_alone_or_through_a_group(
    world: World, on: str, through_group: bool
) -> None:
    role = make_role(world.system, "assigned-only")
    holder: Any = strong(world.stranger)
    if through_group:
        holder = Group.objects.create(name="Deciders")
        world.stranger.groups.add(holder)
    assign_perm("decide_requests", holder, role if on == "role" else role.system)
    sent = make_request(world.assister, role)
    assert (sent.court, people(sent)) == (Court.RULE, {world.stranger})
    assert list(routing.queue_of(world.stranger)) == [sent]


def test_a_global_permission_or_superuser_decides_nothing(world: World) -> None:
    boss = cast.superuser()
    role = make_role(world.system, "assigned-only")
    _ = world.desk
    sent = make_request(world.assister, role)
    assert people(sent) == {world.desk}
    assert not routing.powers_of(boss)


# --- What moves -----------------------------------------------------------------------------


def test_a_new_external_approver_takes_over_what_waits(world: World) -> None:
    _ = world.cms_approver, world.owner, world.desk
    sent = ask(world)
    wish = make_request(strong(world.stranger), world.external, world.harbor)
    decisions.approve(tracking_number=wish.tracking_number, approver=world.cms_approver)
    sent.refresh_from_db()
    assert people(sent) == {world.stranger}
    assert AuditEntry.objects.filter(tag="access_request:reroute", target_id=str(sent.pk)).exists()
    mail = OutboxMessage.objects.get(name="access_request_rerouted")
    assert mail.to == world.stranger.email
    assert sent.tracking_number in mail.body_text


def test_a_second_approver_moves_nothing(world: World) -> None:
    world.everybody()
    sent = ask(world)
    wish = make_request(strong(world.stranger), world.external, world.harbor)
    decisions.approve(tracking_number=wish.tracking_number, approver=world.cms_approver)
    sent.refresh_from_db()
    assert people(sent) == {world.external_approver, world.stranger}
    assert not AuditEntry.objects.filter(tag="access_request:reroute").exists()


def test_the_last_approver_leaving_passes_the_queue_on(world: World) -> None:
    world.everybody()
    sent = ask(world)
    grant = Grant.objects.get(person=world.external_approver)
    grants.remove(grant_id=grant.pk, holder=world.external_approver)
    sent.refresh_from_db()
    assert people(sent) == {world.cms_approver}


def test_when_everybody_leaves_the_help_desk_is_alerted(world: World) -> None:
    _ = world.owner, world.desk
    first, second = ask(world), ask(world, world.stranger)
    grant = Grant.objects.get(person=world.owner)
    grants.remove(grant_id=grant.pk, holder=world.owner)
    for sent in (first, second):
        sent.refresh_from_db()
        assert sent.court == Court.HELP_DESK
    alert = OutboxMessage.objects.get(name="access_request_stranded")
    assert alert.to == world.desk.email
    assert first.tracking_number in alert.body_text
    assert second.tracking_number in alert.body_text


def test_a_deactivated_approver_is_replaced_in_the_same_transaction(world: World) -> None:
    world.everybody()
    sent = ask(world)
    admin = cast.superuser()
    accounts.deactivate(user_id=world.external_approver.pk, actor=admin, reason="Left.")
    sent.refresh_from_db()
    assert people(sent) == {world.cms_approver}


def test_a_deactivated_requester_leaves_no_open_request(world: World) -> None:
    world.everybody()
    sent = ask(world)
    accounts.deactivate(user_id=world.assister.pk, actor=cast.superuser(), reason="Left.")
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN
    entry = AuditEntry.objects.get(tag="access_request:withdraw")
    assert entry.reason == "requester_inactive"


def test_the_sweep_finds_what_no_event_told(world: World) -> None:
    world.everybody()
    sent = ask(world)
    Grant.objects.filter(person=world.external_approver).update(
        ended_at=sent.submitted_at, end_reason="revoked", started_at=sent.submitted_at
    )
    assert people(sent) == set()
    assert rerouting.sweep() == 1
    assert rerouting.sweep() == 0
    sent.refresh_from_db()
    assert people(sent) == {world.cms_approver}


def test_the_sweep_mends_a_request_whose_rule_was_deleted(world: World) -> None:
    world.everybody()
    sent = ask(world)
    sent.routed_rule.delete()
    assert rerouting.sweep() == 1
    sent.refresh_from_db()
    assert people(sent) == {world.cms_approver}


def test_the_sweep_works_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerouting, "BATCH", 2)
    world.everybody()
    for _ in range(5):
        ask(world, user())
    AccessRequest.objects.filter(status=Status.PENDING).update(
        court=Court.HELP_DESK, routed_rule=None
    )
    assert rerouting.sweep() == 5
    mails = OutboxMessage.objects.filter(to=world.external_approver.email)
    assert mails.count() == 3  # one a batch


def test_without_any_help_desk_administrators_are_alerted(world: World) -> None:
    from access_requests.services import requests
    from tests.factories.access_requests import make_draft

    admin = cast.administrator()
    draft = make_draft(world.assister, world.end_user, world.harbor)
    requests.submit(access_request_id=draft.pk, requester=world.assister)
    assert OutboxMessage.objects.get(to=admin.email).name == "access_request_stranded"


# --- Both directions agree ------------------------------------------------------------------


SUBJECTS = st.sampled_from(["role", "system", "owner"])


class DirectionsAgree(TestCase):
    """For any world: a request is in a person's queue exactly when the person can decide it."""

    @pytest.mark.proof
    @pytest.mark.timeout(900)
    @settings(
        max_examples=counts.times(20, 300), deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        ladder=st.lists(
            st.sampled_from(["top any", "top same", "middle any", "middle same", "assigned"]),
            max_size=4,
        ),
        held=st.sets(
            st.tuples(st.integers(0, 4), st.sampled_from(["top", "middle"]), st.integers(-1, 1)),
            max_size=5,
        ),
        assigned=st.sets(st.tuples(st.integers(0, 4), SUBJECTS, st.booleans()), max_size=4),
        desk=st.sets(st.integers(0, 4), max_size=2),
        inactive=st.sets(st.integers(0, 4), max_size=2),
        weak=st.sets(st.integers(0, 4), max_size=2),
        asked=st.sets(st.tuples(st.integers(0, 4), st.integers(-1, 1)), min_size=1, max_size=4),
    )
    def test_queue_and_approvers_are_inverse(
        self,
        ladder: Any,
        held: Any,
        assigned: Any,
        desk: Any,
        inactive: Any,
        weak: Any,
        asked: Any,
    ) -> None:
        group, _ = Group.objects.get_or_create(name=policies.PORTAL_HELP_DESK)
        persons = [strong(user()) for _ in range(5)]
        places = [make_organization(), make_organization(), None]
        system = make_system()
        ranks = {
            name: make_role(system, name, approvers=[], kind="approver")
            for name in ("top", "middle")
        }
        role = make_role(system, "end", approvers=[])
        for order, rung in enumerate(ladder, start=1):
            name, _, scope = rung.partition(" ")
            wide = {
                "any": ApprovalRule.Scope.ANY,
                "same": ApprovalRule.Scope.SAME_ORGANIZATION,
            }
            make_rule(role, None if name == "assigned" else (ranks[name], wide[scope]), order=order)
        for who, rank, place in held:
            make_grant(persons[who], ranks[rank], places[place])
        for number, (who, subject, through_group) in enumerate(assigned):
            holder: Any = persons[who]
            if through_group:
                holder = Group.objects.create(name=f"group {number}")
                persons[who].groups.add(holder)
            permission = "own_system" if subject == "owner" else "decide_requests"
            assign_perm(permission, holder, role if subject == "role" else system)
        for who in desk:
            persons[who].groups.add(group)
        sent = [make_request(persons[who], role, places[place]) for who, place in asked]
        User.objects.filter(pk__in=[persons[who].pk for who in inactive]).update(
            is_active=False, deactivated_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        )
        User.objects.filter(pk__in=[persons[who].pk for who in weak]).update(
            has_strong_factor=False
        )
        rerouting.sweep()
        persons = list(User.objects.filter(pk__in=[person.pk for person in persons]))
        for one in sent:
            one.refresh_from_db()
            self.check_request(one, persons)
        for person in persons:
            self.check_count(person)

    def check_count(self, person: User) -> None:
        powers, length = routing.powers_of(person), routing.queue_of(person).count()
        if routing.can_decide(person):
            listed = waiting.page(powers, waiting.Wanted(), QueryDict()).items
            assert [row.pk for row in listed] == [
                one.pk for one in routing.queue_of(person).order_by("submitted_at", "pk")[:25]
            ]
        assert routing.count_queue(person, powers, most=50) == length
        assert routing.count_queue(person, powers, most=1) == min(length, 1)

    def check_request(self, one: Any, persons: list[User]) -> None:
        deciders = people(one)
        found = routing.route(one)
        assert (found.court, found.rule) == (one.court, one.routed_rule)
        assert found.list_people() == list(found.people)
        assert one.requester not in deciders
        assert all(person.is_active and person.has_strong_factor for person in deciders)
        assert deciders or one.court == Court.HELP_DESK
        earlier = one.role.approval_rules.all()
        if one.routed_rule is not None:
            earlier = earlier.filter(order__lt=one.routed_rule.order)
        for rule in earlier:
            assert not routing.people(one, Court.RULE, rule).exists()
        for person in persons:
            assert routing.queue_of(person).filter(pk=one.pk).exists() == (person in deciders)
