"""The demo people: there, able to do what they are for, and never in production."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from access_requests import routing
from access_requests.models import AccessRequest, Grant
from access_requests.services import drafts, requests
from accounts import policies
from accounts.models import User
from audit.models import AuditEntry
from audit.services import sealing, verification
from catalog.models import Role
from portal import checks, demo, groups
from support.services import helpdesk_resets
from tests.integration.support.helpdesk import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def _catalog() -> None:
    call_command("load_catalog", verbosity=0)


@pytest.fixture
def _demo(_catalog: None) -> None:
    demo.load()


def test_the_list_that_production_refuses_is_the_list_of_people() -> None:
    assert {person.user_id for person in demo.PEOPLE} == set(checks.DEMO_PEOPLE)


@pytest.mark.usefixtures("_demo")
def test_everybody_is_there_with_the_printed_password() -> None:
    assert len(demo.PEOPLE) == 13
    assert sorted(checks.demo_people()) == sorted(checks.DEMO_PEOPLE)
    for person in demo.PEOPLE:
        user = User.objects.get_by_natural_key(person.user_id)
        assert user.check_password(demo.DEMO_PASSWORD), person.user_id
        assert user.is_active
        assert not user.is_superuser


@pytest.mark.usefixtures("_demo")
def test_access_is_held_as_listed_and_nothing_else_waits() -> None:
    held = {
        (grant.person.user_id, grant.role.system.slug, grant.role.code)
        for grant in Grant.objects.active().select_related("person", "role__system")
    }
    assert held == {(wanted.person, wanted.system, wanted.role) for wanted in demo.GRANTS}
    assert not AccessRequest.objects.open().exists()


@pytest.mark.usefixtures("_demo")
def test_loading_again_changes_nothing() -> None:
    before = (User.objects.count(), Grant.objects.count(), AuditEntry.objects.count())

    assert demo.load() == 0

    assert (User.objects.count(), Grant.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.usefixtures("_demo")
def test_a_password_somebody_changed_is_left_alone() -> None:
    user = User.objects.get_by_natural_key("assister.avery")
    user.password = make_password("Another-Password-2026")
    user.save()

    demo.load()

    user.refresh_from_db()
    assert user.check_password("Another-Password-2026")


@pytest.mark.usefixtures("_demo")
def test_the_request_of_the_assister_goes_to_the_external_approver() -> None:
    avery = User.objects.get_by_natural_key("assister.avery")
    role = Role.objects.select_related("system").get(system__slug="zone", code="end-user")
    draft = drafts.save_draft(
        requester=avery,
        system=role.system,
        role=role,
        organization_name="harbor community health",
        answers={"navigator-or-cac-id": "NAV-1024"},
        reason="I help people enroll.",
    )

    access_request = requests.submit(access_request_id=draft.pk, requester=avery)

    people = routing.approvers_for(access_request)
    assert [person.user_id for person in people] == ["approver.external"]


@pytest.mark.usefixtures("_demo")
def test_two_agents_of_the_portal_remove_the_devices_of_somebody() -> None:
    first, second, person = (
        User.objects.get_by_natural_key(name)
        for name in ("helpdesk.portal", "helpdesk2.portal", "approver.cms")
    )
    opened(first, person, way="portal_code")

    proposal = helpdesk_resets.propose(agent=first, person_id=person.pk, reason="Lost the phone")
    helpdesk_resets.confirm(agent=second, proposal_id=proposal.pk, reason="Asked the manager")

    person.refresh_from_db()
    assert not person.has_mfa


@pytest.mark.usefixtures("_demo")
def test_everything_that_made_the_demo_is_in_the_log() -> None:
    tags = list(AuditEntry.objects.values_list("tag", flat=True))
    assert tags.count("account:activate") == len(demo.PEOPLE)
    assert tags.count("access_request:approve") == len(demo.GRANTS)
    sealing.seal()
    report = verification.verify()
    assert report.entries == len(tags)
    assert report.intact, report.problems


def test_production_refuses_to_load_them(settings: object) -> None:
    settings.IS_PRODUCTION = True  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="no place in production"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_groups_hold_exactly_their_permissions() -> None:
    assert groups.set_up() == 3
    assert groups.set_up() == 0

    for name, labels in groups.PERMISSIONS.items():
        held = Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
        assert {f"{room}.{codename}" for room, codename in held} == set(labels)


def test_a_changed_group_is_brought_back_in_line() -> None:
    groups.set_up()
    Group.objects.get(name=groups.AUDITORS).permissions.clear()

    assert groups.set_up() == 1
    assert Group.objects.get(name=groups.AUDITORS).permissions.count() == 1


def test_the_rooms_mean_the_same_groups() -> None:
    assert policies.PORTAL_HELP_DESK in groups.PERMISSIONS
    assert routing.ADMINISTRATORS_GROUP == groups.PORTAL_ADMINISTRATORS
