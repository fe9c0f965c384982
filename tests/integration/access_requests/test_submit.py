"""Submitting a request: what is written, who is told, what is refused."""

import datetime as dt
from typing import Any

import pytest

from access_requests.models import AccessRequest
from access_requests.models.requests import Court, Status
from access_requests.reasons import Reason
from access_requests.services import grants, requests
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests.factories.access_requests import make_draft, make_grant, make_request
from tests.factories.catalog import make_system
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import refusal_of, statements


def submit(world: World, draft: Any = None, **options: Any) -> Any:
    draft = draft or make_draft(world.assister, world.end_user, world.harbor)
    return requests.submit(access_request_id=draft.pk, requester=world.assister, **options)


def test_a_submitted_request_is_pending_and_has_a_tracking_number(world: World) -> None:
    world.everybody()
    sent = submit(world)
    sent.refresh_from_db()
    assert sent.status == Status.PENDING
    assert len(sent.tracking_number) == 9
    assert sent.tracking_number.isdigit()
    assert sent.tracking_number[0] != "0"
    assert (sent.court, sent.routed_rule.approver_role) == (Court.RULE, world.external)


def test_requester_and_approvers_are_told_and_one_entry_is_written(world: World) -> None:
    world.everybody()
    sent = submit(world)
    mails = set(OutboxMessage.objects.values_list("name", "to"))
    assert mails == {
        ("access_request_submitted", world.assister.email),
        ("access_request_to_decide", world.external_approver.email),
    }
    entry: Any = AuditEntry.objects.get(tag="access_request:submit")
    assert (entry.actor_id, entry.target_id) == (world.assister.pk, str(sent.pk))
    assert entry.after["organization"] == "Harbor Community Health"


def test_submitting_costs_seven_statements_beside_the_visitor(world: World) -> None:
    world.everybody()
    draft = make_draft(world.assister, world.end_user, world.harbor)
    with statements() as seen:
        submit(world, draft)
    assert len(seen) == 7, "\n".join(seen)


def test_submitting_the_same_draft_again_gives_the_same_request(world: World) -> None:
    world.everybody()
    draft = make_draft(world.assister, world.end_user, world.harbor)
    first, second = submit(world, draft), submit(world, draft)
    assert first.tracking_number == second.tracking_number
    assert AccessRequest.objects.count() == 1 + 3  # three made the grants of the cast
    assert OutboxMessage.objects.count() == 2


def test_a_draft_of_somebody_else_does_not_exist(world: World) -> None:
    draft = make_draft(world.stranger, world.end_user, world.harbor)
    with pytest.raises(AccessRequest.DoesNotExist):
        submit(world, draft)


def test_a_draft_changed_in_another_window_is_not_sent_unread(world: World) -> None:
    draft = make_draft(world.assister, world.end_user, world.harbor, revision=3)
    assert refusal_of(lambda: submit(world, draft, revision=2)) == Reason.CHANGED_MEANWHILE
    assert submit(world, draft, revision=3).status == Status.PENDING


@pytest.mark.parametrize(
    "missing", [{"answers": {}}, {"reason": ""}, {"organization": None, "organization_name": ""}]
)
def test_an_incomplete_draft_is_not_sent(world: World, missing: Any) -> None:
    draft = make_draft(world.assister, world.end_user, world.harbor)
    AccessRequest.objects.filter(pk=draft.pk).update(**missing)
    assert refusal_of(lambda: submit(world, draft)) == Reason.INCOMPLETE


def test_a_draft_without_a_role_is_not_sent(world: World) -> None:
    draft = make_draft(world.assister, None, system=world.system)
    assert refusal_of(lambda: submit(world, draft)) == Reason.INCOMPLETE


def test_a_second_open_request_for_the_same_role_and_organization_is_refused(world: World) -> None:
    make_request(world.assister, world.end_user, world.harbor)
    assert refusal_of(lambda: submit(world)) == Reason.ALREADY_PENDING


def test_a_role_held_already_is_refused(world: World) -> None:
    make_grant(world.assister, world.end_user, world.harbor)
    assert refusal_of(lambda: submit(world)) == Reason.ALREADY_HELD


def test_a_role_that_excludes_a_held_one_is_refused_either_way_round(world: World) -> None:
    make_grant(world.assister, world.help_desk_role)
    assert refusal_of(lambda: submit(world)) == Reason.EXCLUDED_BY_ROLE


def test_a_role_that_needs_a_proven_identity_is_refused_until_it_is_proven(world: World) -> None:
    world.end_user.required_ial = 2
    world.end_user.save()
    draft = make_draft(world.assister, world.end_user, world.harbor)
    assert refusal_of(lambda: submit(world, draft)) == Reason.NEEDS_PROOFING
    world.assister.ial = 2
    world.assister.save()
    assert submit(world, draft).status == Status.PENDING


def test_a_system_can_make_people_wait_after_a_removal(world: World, time_machine: Any) -> None:
    world.system.reapply_wait_minutes = 5
    world.system.save()
    grant: Any = make_grant(world.assister, world.end_user, world.harbor)
    grants.remove(grant_id=grant.pk, holder=world.assister)
    draft = make_draft(world.assister, world.end_user, world.harbor)
    assert refusal_of(lambda: submit(world, draft)) == Reason.WAIT_BEFORE_REAPPLYING
    grant.refresh_from_db()
    time_machine.move_to(grant.ended_at + dt.timedelta(minutes=5), tick=False)
    assert submit(world, draft).status == Status.PENDING


def test_a_retired_role_is_refused(world: World) -> None:
    world.end_user.is_active = False
    world.end_user.save()
    assert refusal_of(lambda: submit(world)) == Reason.ROLE_NOT_OFFERED


def test_an_organization_that_became_known_meanwhile_is_recognized(world: World) -> None:
    world.everybody()
    draft = make_draft(world.assister, world.end_user, organization_name="harbor  community HEALTH")
    assert submit(world, draft).organization == world.harbor


def test_with_nobody_on_the_ladder_the_portal_help_desk_is_alerted(world: World) -> None:
    _ = world.desk
    sent = submit(world)
    assert sent.court == Court.HELP_DESK
    alert = OutboxMessage.objects.get(to=world.desk.email)
    assert alert.name == "access_request_stranded"


def test_a_tracking_number_in_use_is_drawn_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = make_request(world.stranger, world.end_user, world.harbor)
    numbers = iter([taken.tracking_number, "987654321"])
    monkeypatch.setattr(requests, "new_tracking_number", lambda: next(numbers))
    assert submit(world).tracking_number == "987654321"


def test_drafts_of_two_systems_stand_side_by_side(world: World) -> None:
    make_draft(world.assister, None, system=world.system)
    make_draft(world.assister, None, system=make_system())
    assert AccessRequest.objects.filter(requester=world.assister).count() == 2
