"""Deciding: what an approval writes, who may decide, what a repeated or late click does."""

import uuid
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from access_requests.models import AccessRequest, Decision, Grant
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.services import decisions, recognition, requests
from accounts.models import User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import logged
from tests.factories.access_requests import make_grant, make_request
from tests.factories.accounts import strong
from tests.factories.organizations import make_organization
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import refusal_of, statements


@pytest.fixture
def asked(world: World) -> Any:
    world.everybody()
    return make_request(world.assister, world.end_user, world.harbor)


def approve(asked: Any, approver: User, **options: Any) -> Any:
    return decisions.approve(tracking_number=asked.tracking_number, approver=approver, **options)


def deny(
    asked: Any,
    approver: User,
    comment: Any = "Not an assister of this organization.",
    **options: Any,
) -> Any:
    return decisions.deny(
        tracking_number=asked.tracking_number, approver=approver, comment=comment, **options
    )


def ask_back(asked: Any, approver: User, question: str = "Which county?", **options: Any) -> Any:
    return decisions.return_for_information(
        tracking_number=asked.tracking_number, approver=approver, question=question, **options
    )


def test_an_approval_gives_the_role(world: World, asked: Any) -> None:
    decision = approve(asked, world.external_approver, comment="Known to us.")
    grant = Grant.objects.active().get(person=world.assister)
    asked.refresh_from_db()
    assert asked.status == Status.APPROVED
    assert (grant.role, grant.organization, grant.decision) == (
        world.end_user,
        world.harbor,
        decision,
    )
    assert (grant.certify_by - grant.started_at.date()).days in {364, 365}
    assert decision.capacity == "zONE External Approver of the same organization"


def test_an_approval_writes_two_entries_and_one_mail(world: World, asked: Any) -> None:
    approve(asked, world.external_approver)
    tags = AuditEntry.objects.filter(actor=world.external_approver).values_list("tag", flat=True)
    assert sorted(tags) == ["access_request:approve", "grant:issue"]
    mail = OutboxMessage.objects.get()
    assert (mail.name, mail.to) == ("access_request_approved", world.assister.email)


def test_an_approval_costs_eight_statements_beside_the_visitor(world: World, asked: Any) -> None:
    with statements() as seen:
        approve(asked, world.external_approver)
    assert len(seen) == 8, "\n".join(seen)


def test_a_denial_needs_a_reason_and_gives_nothing(world: World, asked: Any) -> None:
    assert refusal_of(lambda: deny(asked, world.external_approver, "")) == Reason.COMMENT_MISSING
    deny(asked, world.external_approver)
    asked.refresh_from_db()
    assert asked.status == Status.DENIED
    assert not Grant.objects.filter(person=world.assister).exists()
    mail = OutboxMessage.objects.get()
    assert mail.name == "access_request_denied"
    assert "Not an assister" in mail.body_text


def test_a_returned_request_goes_to_the_requester_and_comes_back(world: World, asked: Any) -> None:
    ask_back(asked, world.external_approver)
    asked.refresh_from_db()
    assert asked.status == Status.RETURNED
    sent = requests.resubmit(
        access_request_id=asked.pk,
        requester=world.assister,
        answer="Baltimore County.",
        organization_name="Harbor Community Health",
        answers=asked.answers,
        reason="Helps consumers in Baltimore County.",
    )
    assert (sent.status, sent.revision) == (Status.PENDING, asked.revision + 1)
    assert asked.information_requests.get().answer == "Baltimore County."
    names = OutboxMessage.objects.order_by("id").values_list("name", flat=True)
    assert list(names) == ["access_request_returned", "access_request_to_decide"]


def test_a_request_that_waits_for_its_requester_cannot_be_decided(world: World, asked: Any) -> None:
    ask_back(asked, world.external_approver)
    assert refusal_of(lambda: approve(asked, world.external_approver)) == Reason.NOT_WAITING


def test_only_people_of_the_court_decide(world: World, asked: Any) -> None:
    for person in (world.cms_approver, world.owner, world.desk, world.stranger):
        assert refusal_of(partial(approve, asked, person)) == Reason.NOT_YOUR_QUEUE
    refused = AuditEntry.objects.filter(outcome="refused", reason=Reason.NOT_YOUR_QUEUE)
    assert refused.count() == 4


@pytest.mark.parametrize("road", ["holder", "superuser", "owner", "help desk"])
def test_nobody_decides_their_own_request_by_any_road(world: World, road: str) -> None:
    world.everybody()
    person = {
        "holder": world.external_approver,
        "superuser": world.stranger,
        "owner": world.owner,
        "help desk": world.desk,
    }[road]
    person.is_superuser = road == "superuser"
    person.save()
    mine = make_request(person, world.end_user, world.harbor)
    assert refusal_of(lambda: approve(mine, person)) == Reason.SELF_DECISION
    assert refusal_of(lambda: deny(mine, person)) == Reason.SELF_DECISION
    assert AuditEntry.objects.filter(actor=person, reason=Reason.SELF_DECISION).count() == 2


def test_a_deactivated_approver_cannot_decide(world: World, asked: Any) -> None:
    approver = world.external_approver
    type(approver).objects.filter(pk=approver.pk).update(
        is_active=False, deactivated_at=asked.created_at
    )
    assert refusal_of(lambda: approve(asked, approver)) == Reason.NOT_YOUR_QUEUE


def test_no_role_is_given_to_a_deactivated_requester(world: World, asked: Any) -> None:
    type(world.assister).objects.filter(pk=world.assister.pk).update(
        is_active=False, deactivated_at=asked.created_at
    )
    assert refusal_of(lambda: approve(asked, world.external_approver)) == Reason.REQUESTER_INACTIVE
    assert deny(asked, world.external_approver).outcome == "denied"


def test_roles_that_exclude_each_other_are_caught_at_the_approval(world: World, asked: Any) -> None:
    make_grant(world.assister, world.help_desk_role)
    assert refusal_of(lambda: approve(asked, world.external_approver)) == Reason.EXCLUDED_BY_ROLE


def test_identity_assurance_is_asked_again_at_the_approval(world: World, asked: Any) -> None:
    type(world.end_user).objects.filter(pk=world.end_user.pk).update(required_ial=2)
    assert refusal_of(lambda: approve(asked, world.external_approver)) == Reason.NEEDS_PROOFING


def test_a_request_changed_after_it_was_read_is_not_decided(world: World, asked: Any) -> None:
    late = {"revision": asked.revision - 1}
    reason = refusal_of(lambda: approve(asked, world.external_approver, **late))
    assert reason == Reason.CHANGED_MEANWHILE


def test_the_same_form_sent_twice_makes_one_decision(world: World, asked: Any) -> None:
    key = uuid.uuid4()
    first = approve(asked, world.external_approver, form_key=key)
    second = approve(asked, world.external_approver, form_key=key)
    assert first == second
    assert OutboxMessage.objects.count() == 1
    assert Grant.objects.filter(person=world.assister).count() == 1


def test_the_same_question_sent_twice_is_asked_once(world: World, asked: Any) -> None:
    key = uuid.uuid4()
    assert ask_back(asked, world.external_approver, form_key=key) == ask_back(
        asked, world.external_approver, form_key=key
    )
    assert OutboxMessage.objects.count() == 1


def test_a_key_of_another_decision_decides_nothing(world: World, asked: Any) -> None:
    other = make_request(world.stranger, world.end_user, world.harbor)
    key = uuid.uuid4()
    approve(other, world.external_approver, form_key=key)
    reason = refusal_of(lambda: approve(asked, world.external_approver, form_key=key))
    assert reason == Reason.CHANGED_MEANWHILE
    asked.refresh_from_db()
    assert asked.status == Status.PENDING


def test_a_second_approver_is_told_that_it_is_decided(world: World, asked: Any) -> None:
    from tests.factories.accounts import user

    second = user()
    make_grant(second, world.external, world.harbor)
    approve(asked, world.external_approver)
    assert refusal_of(lambda: approve(asked, second)) == Reason.ALREADY_DECIDED
    assert refusal_of(lambda: deny(asked, second)) == Reason.ALREADY_DECIDED


def test_a_draft_cannot_be_decided(world: World) -> None:
    with pytest.raises(AccessRequest.DoesNotExist):
        decisions.approve(tracking_number="123456789", approver=world.desk)


def test_the_first_approver_of_an_organization_brings_it_in(world: World) -> None:
    world.everybody()
    founder, waiting = strong(world.assister), world.stranger
    end_user = make_request(waiting, world.end_user, organization_name="Quay Clinic")
    assert end_user.routed_rule.approver_role == world.cms
    asked = make_request(founder, world.external, organization_name="Quay  clinic")
    approve(asked, world.cms_approver)
    end_user.refresh_from_db()
    assert end_user.organization.name == "Quay clinic"
    assert end_user.routed_rule.approver_role == world.external
    approve(end_user, founder)
    assert Grant.objects.active().filter(person=waiting, role=world.end_user).exists()


@pytest.fixture
def two_clinics(world: World) -> tuple[Any, Any]:
    """Two requests of one person for one role: at a clinic by name, then at the clinic itself."""
    world.everybody()
    by_name = make_request(world.stranger, world.end_user, organization_name="Quay Clinic")
    clinic = make_organization("Quay clinic")
    return by_name, make_request(world.stranger, world.end_user, clinic)


def test_who_asked_again_where_the_organization_is_known_gets_one_role(
    world: World, two_clinics: tuple[Any, Any]
) -> None:
    by_name, known = two_clinics
    assert refusal_of(lambda: approve(by_name, world.cms_approver)) == Reason.ASKED_AGAIN
    approve(known, world.cms_approver)
    assert refusal_of(lambda: approve(by_name, world.cms_approver)) == Reason.ALREADY_HELD
    deny(by_name, world.cms_approver)
    assert Grant.objects.active().filter(person=world.stranger).count() == 1


def test_a_founding_approval_leaves_such_requests_alone(
    world: World, two_clinics: tuple[Any, Any]
) -> None:
    by_name, known = two_clinics
    founder = strong(world.assister)
    asked = make_request(founder, world.external, organization_name="QUAY CLINIC")
    approve(asked, world.cms_approver)
    by_name.refresh_from_db()
    assert by_name.organization is None
    assert Grant.objects.get(person=founder).organization == known.organization


def test_an_approval_gives_the_role_at_an_organization_added_meanwhile(world: World) -> None:
    world.everybody()
    asked = make_request(world.stranger, world.end_user, organization_name="Quay Clinic")
    clinic = make_organization("QUAY CLINIC")

    approve(asked, world.cms_approver)

    asked.refresh_from_db()
    assert asked.organization == clinic
    assert Grant.objects.active().get(person=world.stranger).organization == clinic
    assert logged.after("access_request:recognize_organization") == {"organization": "QUAY CLINIC"}


def test_the_sweep_recognizes_what_an_administrator_added(world: World) -> None:
    world.everybody()
    waiting = make_request(world.stranger, world.end_user, organization_name="Quay \u00a0 Clinic")
    assert recognition.sweep() == 0
    clinic = make_organization("quay clinic")

    assert (recognition.sweep(), recognition.sweep()) == (1, 0)
    waiting.refresh_from_db()
    assert waiting.organization == clinic
    assert logged.after("access_request:recognize_organization") == {"organization": "quay clinic"}


# --- What the database refuses --------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda d: Decision.objects.filter(pk=d.pk).update(comment="rewritten"),
        lambda d: Decision.objects.filter(pk=d.pk).delete(),
        lambda d: d.delete(),
    ],
)
def test_a_decision_is_final_in_the_database(world: World, asked: Any, change: Any) -> None:
    decision = approve(asked, world.external_approver)
    Grant.objects.filter(decision=decision).delete()
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        change(decision)


def test_the_database_refuses_a_decision_by_the_requester(world: World, asked: Any) -> None:
    with pytest.raises(IntegrityError, match="nobody_decides"), transaction.atomic():
        Decision.objects.create(
            access_request=asked,
            requester=world.assister,
            approver=world.assister,
            outcome="approved",
            decided_at=asked.submitted_at,
        )


def test_the_database_refuses_a_second_open_request(world: World, asked: Any) -> None:
    with pytest.raises(IntegrityError, match="one_open_request"), transaction.atomic():
        make_request(world.assister, world.end_user, world.harbor)


def test_the_database_refuses_a_second_active_grant(world: World) -> None:
    make_grant(world.assister, world.end_user, world.harbor)
    with pytest.raises(IntegrityError, match="one_active_grant"), transaction.atomic():
        make_grant(world.assister, world.end_user, world.harbor)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "approved"},
        {"status": "draft"},
        {"court": ""},
        {"waiting_since": None},
        {"tracking_number": None},
        {"role": None},
        {"reminders_sent": 1},
    ],
)
def test_the_database_refuses_states_that_cannot_be(world: World, asked: Any, fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRequest.objects.filter(pk=asked.pk).update(**fields)
