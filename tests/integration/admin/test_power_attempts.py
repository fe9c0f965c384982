"""Staff who reach for power: refused, recorded, and told to others once an hour."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client
from guardian.models import UserObjectPermission

import clock
from access_requests.models import Grant
from accounts import policies
from accounts.models import User
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from catalog.models import Role, RoleUserObjectPermission, SystemUserObjectPermission
from notifications.models import OutboxMessage
from portal import groups
from tests import cast
from tests.factories import access_requests as grants
from tests.factories import accounts
from tests.integration.admin.conftest import form_of, text_of

KIND = "account_power_refused"
LIST = "/admin/accounts/user/"
FORGED = {
    "is_staff": "on",
    "is_superuser": "on",
    "groups": "1",
    "user_permissions": "1",
}


@pytest.fixture
def sidney(db: None) -> User:
    """A superuser who works elsewhere at the moment."""
    return cast.superuser()


def _person(user: User, what: str = "change") -> str:
    return f"{LIST}{user.pk}/{what}/"


def _mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(name=KIND).order_by("pk"))


def _rights(user: User) -> Any:
    fresh = User.objects.get(pk=user.pk)
    return (fresh.is_staff, fresh.is_superuser, *fresh.groups.all(), *fresh.user_permissions.all())


@pytest.mark.parametrize("field", sorted(FORGED))
@pytest.mark.parametrize("target", ["self", "other"])
@pytest.mark.parametrize("where", ["person", "list"])
def test_rights_by_a_forged_form_are_refused_and_told(
    admin: Client, administrator: User, sidney: User, field: str, target: str, where: str
) -> None:
    user = administrator if target == "self" else cast.stranger()
    value = {
        "groups": Group.objects.get(name=groups.AUDITORS).pk,
        "user_permissions": Permission.objects.get(codename="revoke_grant").pk,
    }.get(field, "on")
    before = _rights(user)
    action = {"action": "deactivate", "_selected_action": [user.pk], "reason": "none"}

    if where == "person":
        answer = admin.post(_person(user), {field: value})
    else:
        answer = admin.post(LIST, {**action, field: value})

    assert answer.status_code == 404
    assert _rights(user) == before
    entry = AuditEntry.objects.get()
    assert (entry.tag, entry.outcome, entry.actor) == (
        "account:change_rights",
        "refused",
        administrator,
    )
    assert (entry.reason, entry.after) == (field, {"people_alerted": 1})
    (mail,) = _mails()
    assert mail.recipient == sidney
    assert field in mail.body_text
    assert "admin.portal" in mail.body_text
    assert "Changing the rights of an account" in mail.body_text
    assert "/audit/?actor=admin.portal&outcome=refused" in mail.body_text
    assert "admin.portal" not in mail.subject
    if where == "person":
        assert user.user_id in mail.body_text


def test_no_right_at_all_is_needed_to_be_noticed(sidney: User) -> None:
    person = accounts.strong(cast.stranger(is_staff=True))

    assert cast.client_of(person).post(_person(person), FORGED).status_code == 404

    assert _rights(person) == (True, False)
    assert [mail.recipient for mail in _mails()] == [sidney]


def test_the_ordinary_work_of_the_list_alerts_nobody(admin: Client, sidney: User) -> None:
    user = cast.stranger()
    data = {"action": "deactivate", "_selected_action": [user.pk], "reason": "asked by phone"}

    assert admin.post(LIST, data).status_code == 302

    assert not User.objects.get(pk=user.pk).is_active
    assert _mails() == []


def test_a_superuser_may_and_alerts_nobody_but_for_the_own_account(sidney: User) -> None:
    other, third = cast.stranger(), accounts.user("super.third", is_superuser=True)
    client = cast.client_of(sidney)

    assert client.post(_person(other), {"is_staff": "on"}).status_code == 302
    assert _mails() == []
    assert client.post(_person(sidney), {"is_staff": "on"}).status_code == 404
    assert [mail.recipient for mail in _mails()] == [third]


def test_one_message_an_hour_about_one_person_and_every_try_in_the_log(
    administrator: User, sidney: User
) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for minutes, mails in ((0, 1), (1, 1), (59, 1), (60, 2), (61, 2), (121, 3)):
            traveller.move_to(start + timedelta(minutes=minutes))
            cast.client_of(administrator).post(_person(administrator), FORGED)
            assert len(_mails()) == mails, minutes
        other = accounts.strong(cast.stranger(is_staff=True))
        cast.client_of(other).post(_person(other), FORGED)

    assert len(_mails()) == 4
    assert AuditEntry.objects.filter(tag="account:change_rights", outcome="refused").count() == 7


def test_every_other_superuser_in_use_is_told(admin: Client, administrator: User) -> None:
    first = cast.superuser()
    second = accounts.user("super.second", is_superuser=True)
    accounts.user("super.gone", is_superuser=True, is_active=False)

    admin.post(_person(administrator), FORGED)

    assert [mail.recipient for mail in _mails()] == [first, second]


def test_the_portal_help_desk_is_told_where_there_is_no_superuser(
    admin: Client, administrator: User
) -> None:
    desk = cast.portal_help_desk()
    desk_of_nothing = cast.system_help_desk()

    admin.post(_person(administrator), FORGED)

    (mail,) = _mails()
    assert mail.recipient == desk != desk_of_nothing
    assert "/audit/" not in mail.body_text  # it does not read the log


def test_where_nobody_is_left_the_log_has_it(admin: Client, administrator: User) -> None:
    assert admin.post(_person(administrator), FORGED).status_code == 404

    assert AuditEntry.objects.get().after == {"people_alerted": 0}
    assert _mails() == []


def test_record_and_mail_stand_or_fall_together(
    admin: Client, administrator: User, sidney: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise Refusal("not_allowed")

    monkeypatch.setattr("accounts.emails_power.refused", fail)
    admin.raise_request_exception = False

    admin.post(_person(administrator), FORGED)

    assert not AuditEntry.objects.exists()


def _rung(row: int, decides: Role) -> dict[str, Any]:
    """The fields of a rung, the last one, that lets a role decide."""
    return {
        "approval_rules-TOTAL_FORMS": row + 1,
        f"approval_rules-{row}-order": row + 1,
        f"approval_rules-{row}-approver": "role",
        f"approval_rules-{row}-approver_role": decides.pk,
        f"approval_rules-{row}-scope": "any",
    }


@pytest.mark.parametrize("who", ["administrator", "sidney"])
@pytest.mark.parametrize("rung", ["new", "changed"])
def test_letting_an_own_role_decide_is_refused_and_told(
    request: pytest.FixtureRequest, who: str, rung: str, sidney: User, zone: dict[str, Role]
) -> None:
    actor = request.getfixturevalue(who)
    own, role = zone["external-approver"], zone["business-owner"]
    grants.make_grant(actor, own)
    watcher = sidney if actor != sidney else accounts.user("super.third", is_superuser=True)
    client, address = cast.client_of(actor), f"/admin/catalog/role/{role.pk}/change/"
    before = list(role.approval_rules.values())

    answer = client.post(
        address, form_of(client, address) | _rung(0 if rung == "changed" else len(before), own)
    )

    assert "Nobody lets a role decide that they hold themselves." in text_of(answer)
    assert list(role.approval_rules.values()) == before
    assert AuditEntry.objects.get(tag="assignment:create").reason == "own role decides"
    assert [mail.recipient for mail in _mails()] == [watcher]


def test_a_role_that_was_given_back_may_decide(
    admin: Client, administrator: User, sidney: User, zone: dict[str, Role]
) -> None:
    former, role = zone["external-approver"], zone["business-owner"]
    grant = grants.make_grant(administrator, former)
    Grant.objects.filter(pk=grant.pk).update(ended_at=clock.now(), end_reason="removed")
    address = f"/admin/catalog/role/{role.pk}/change/"
    rung = _rung(role.approval_rules.count(), former)

    assert admin.post(address, form_of(admin, address) | rung).status_code == 302

    assert role.approval_rules.filter(approver_role=former).exists()
    assert _mails() == []


def test_a_ladder_that_names_an_own_role_already_can_be_saved_as_it_is(
    admin: Client, administrator: User, sidney: User, zone: dict[str, Role]
) -> None:
    grants.make_grant(administrator, zone["external-approver"])
    address = f"/admin/catalog/role/{zone['end-user'].pk}/change/"
    assert zone["end-user"].approval_rules.filter(approver_role=zone["external-approver"]).exists()

    data = {**form_of(admin, address), "description": "Sees the portal of assisters."}
    assert admin.post(address, data).status_code == 302

    assert _mails() == []


def test_assigning_oneself_is_told(
    admin: Client, administrator: User, sidney: User, zone: dict[str, Role]
) -> None:
    prefix, role = "roleuserobjectpermission_set", zone["business-owner"]
    address = f"/admin/catalog/role/{role.pk}/change/"
    decide = Permission.objects.get(codename="decide_requests", content_type__model="role")
    row = {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-user": administrator.pk,
        f"{prefix}-0-permission": decide.pk,
    }

    assert admin.post(address, {**form_of(admin, address), **row}).status_code == 200

    assert not RoleUserObjectPermission.objects.exists()
    assert AuditEntry.objects.get(tag="assignment:create").reason == "own power"
    (mail,) = _mails()
    assert mail.recipient == sidney
    assert "Giving the right to decide" in mail.body_text
    assert str(role) in mail.body_text


def test_an_owner_who_slips_in_an_approver_is_refused_and_told(
    owner: Client, sidney: User, zone: dict[str, Role]
) -> None:
    """The owner's form of the system has no place for people who decide."""
    system, prefix = zone["end-user"].system, "systemuserobjectpermission_set"
    me = User.objects.get(user_id="owner.zone")
    address = f"/admin/catalog/system/{system.pk}/change/"
    held = UserObjectPermission.objects.count(), SystemUserObjectPermission.objects.count()
    decide = Permission.objects.get(codename="decide_requests", content_type__model="system")
    row = {
        f"{prefix}-TOTAL_FORMS": "1",
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-0-user": me.pk,
        f"{prefix}-0-permission": decide.pk,
    }

    assert owner.post(address, {**form_of(owner, address), **row}).status_code == 404

    now = UserObjectPermission.objects.count(), SystemUserObjectPermission.objects.count()
    assert now == held
    entry = AuditEntry.objects.get(tag="assignment:create")
    assert (entry.outcome, entry.reason) == ("refused", "systemuserobjectpermission")
    assert entry.target_id == str(system.pk)
    assert [mail.recipient for mail in _mails()] == [sidney]


def test_the_ordinary_work_of_an_owner_alerts_nobody(
    owner: Client, sidney: User, zone: dict[str, Role]
) -> None:
    address = f"/admin/catalog/system/{zone['end-user'].system.pk}/change/"

    assert owner.post(address, form_of(owner, address)).status_code == 302

    assert _mails() == []


@pytest.mark.parametrize("what", ["add", "change"])
def test_a_role_given_by_a_forged_form_is_refused_and_told(
    admin: Client, administrator: User, sidney: User, zone: dict[str, Role], what: str
) -> None:
    address = f"/admin/access_requests/grant/{'add' if what == 'add' else '1/change'}/"
    data = {"person": administrator.pk, "role": zone["cms-approver"].pk}

    assert admin.post(address, data).status_code == 404

    assert not Grant.objects.exists()
    assert AuditEntry.objects.get().tag == "grant:issue"
    (mail,) = _mails()
    assert "without a request" in mail.body_text


def test_the_group_is_the_one_that_the_portal_makes() -> None:
    assert policies.PORTAL_HELP_DESK in groups.PERMISSIONS
