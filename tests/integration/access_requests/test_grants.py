"""Access held: removing, revoking, and the object permissions that follow from it."""

from functools import partial
from typing import Any

import pytest
from guardian.shortcuts import assign_perm, get_users_with_perms

from access_requests.models import Grant
from access_requests.reasons import Reason
from access_requests.services import decisions, grants, permissions
from accounts.models import User
from audit.models import AuditEntry
from catalog.models import Role, System, SystemUserObjectPermission
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.access_requests import make_grant, make_request
from tests.factories.catalog import make_role
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import refusal_of


@pytest.fixture
def held(world: World) -> Any:
    return make_grant(world.assister, world.end_user, world.harbor)


def holders_of(permission: str, system: System) -> set[User]:
    return set(get_users_with_perms(system, only_with_perms_in=[permission], with_superusers=False))


def test_removing_a_role_ends_it_and_tells_its_holder(world: World, held: Any) -> None:
    grants.remove(grant_id=held.pk, holder=world.assister)
    held.refresh_from_db()
    assert (held.end_reason, held.ended_by) == (Grant.EndReason.REMOVED, world.assister)
    assert AuditEntry.objects.get(tag="grant:remove").actor == world.assister
    assert OutboxMessage.objects.get().name == "grant_removed"


def test_a_role_of_somebody_else_cannot_be_removed(world: World, held: Any) -> None:
    with pytest.raises(Grant.DoesNotExist):
        grants.remove(grant_id=held.pk, holder=world.stranger)


def test_a_role_ends_once(world: World, held: Any) -> None:
    grants.remove(grant_id=held.pk, holder=world.assister)
    again = refusal_of(lambda: grants.remove(grant_id=held.pk, holder=world.assister))
    assert again == Reason.ALREADY_ENDED


def test_revoking_needs_the_right_and_a_reason(world: World, held: Any) -> None:
    admin = cast.superuser()
    for actor, reason, expected in (
        (world.stranger, "Left.", Reason.NO_RIGHT),
        (world.assister, "Left.", Reason.OWN_ACCESS),
        (admin, "  ", Reason.COMMENT_MISSING),
    ):
        assert expected == refusal_of(
            partial(grants.revoke, grant_id=held.pk, actor=actor, reason=reason)
        )
    grants.revoke(grant_id=held.pk, actor=admin, reason="Left the organization.")
    held.refresh_from_db()
    assert (held.end_reason, held.end_note) == ("revoked", "Left the organization.")
    assert "Left the organization." in OutboxMessage.objects.get().body_text


def test_nobody_revokes_their_own_access_even_as_superuser(world: World) -> None:
    admin = cast.superuser()
    mine = make_grant(admin, world.cms)
    reason = refusal_of(lambda: grants.revoke(grant_id=mine.pk, actor=admin, reason="x"))
    assert reason == Reason.OWN_ACCESS


def test_an_approved_owner_owns_and_a_former_one_does_not(world: World) -> None:
    _ = world.desk
    wish = make_request(world.stranger, world.owner_role)
    decisions.approve(tracking_number=wish.tracking_number, approver=world.desk)
    assert holders_of("own_system", world.system) == {world.stranger}
    grant = Grant.objects.get(person=world.stranger)
    grants.remove(grant_id=grant.pk, holder=world.stranger)
    assert holders_of("own_system", world.system) == set()


def test_a_permission_stays_while_another_grant_carries_it(world: World) -> None:
    second = make_role(world.system, "second-owner", kind=Role.Kind.BUSINESS_OWNER)
    first = make_grant(world.stranger, world.owner_role)
    make_grant(world.stranger, second)
    grants.remove(grant_id=first.pk, holder=world.stranger)
    assert holders_of("own_system", world.system) == {world.stranger}
    assert not permissions.reconcile()


def test_reconciling_finds_nothing_astray_after_ordinary_work(world: World) -> None:
    world.everybody()
    wish = make_request(world.stranger, world.help_desk_role)
    decisions.approve(tracking_number=wish.tracking_number, approver=world.owner)
    assert holders_of("support_users", world.system) == {world.stranger}
    assert not permissions.reconcile()
    assert not AuditEntry.objects.filter(tag="grant:mend_permissions").exists()


def test_reconciling_mends_both_ways_and_writes_it_down(world: World) -> None:
    _ = world.owner
    SystemUserObjectPermission.objects.all().delete()
    assign_perm("support_users", world.stranger, world.system)
    difference = permissions.reconcile()
    assert difference.missing == {(world.owner.pk, world.system.pk, "own_system")}
    assert difference.stray == {(world.stranger.pk, world.system.pk, "support_users")}
    assert not permissions.reconcile()
    assert AuditEntry.objects.filter(tag="grant:mend_permissions").count() == 1


def test_assignments_to_decide_are_nobodys_business_of_reconciling(world: World) -> None:
    assign_perm("decide_requests", world.stranger, world.system)
    assert not permissions.reconcile()
    assert holders_of("decide_requests", world.system) == {world.stranger}
