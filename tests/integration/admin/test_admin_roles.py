"""Roles in the administration pages: every ladder leads to somebody, nobody assigns themselves."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from audit.models import AuditEntry
from catalog.models import (
    ApprovalRule,
    Role,
    RoleUserObjectPermission,
    SystemGroupObjectPermission,
    SystemUserObjectPermission,
)
from tests import cast, logged
from tests.factories import catalog as make
from tests.integration.admin.conftest import form_of, text_of

NOBODY = "Nobody could ever approve this role."


def _address(role: Role) -> str:
    return f"/admin/catalog/role/{role.pk}/change/"


def _save(client: Client, role: Role, **changes: Any) -> Any:
    return client.post(_address(role), {**form_of(client, _address(role)), **changes})


def _decide(model: str) -> int:
    return Permission.objects.get(
        codename="decide_requests", content_type__app_label="catalog", content_type__model=model
    ).pk


def _new(client: Client, **fields: Any) -> dict[str, Any]:
    data = form_of(client, "/admin/catalog/role/add/")
    rules = {"approval_rules-TOTAL_FORMS": 1, "approval_rules-0-order": 1}
    return {**data, "name": "Pilot", "code": "pilot", "kind": "end_user", **rules, **fields}


def test_a_new_role_with_assigned_approvers_is_saved_and_recorded(admin: Client) -> None:
    system = make.make_system()
    data = _new(admin, system=system.pk)
    data |= {"approval_rules-0-approver": "assigned", "approval_rules-0-scope": "any"}

    assert admin.post("/admin/catalog/role/add/", data).status_code == 302

    role = system.roles.get()
    assert role.approval_rules.get().approver == "assigned"
    assert not role.is_delivered
    assert logged.after("role:create")["name"] == "Pilot"
    assert AuditEntry.objects.filter(tag="approval_rule:create").count() == 1


def test_a_role_without_rules_is_refused(admin: Client) -> None:
    system = make.make_system()
    data = _new(admin, system=system.pk) | {"approval_rules-TOTAL_FORMS": 0}
    response = admin.post("/admin/catalog/role/add/", data)
    assert NOBODY in text_of(response)
    assert not system.roles.exists()


def test_a_form_that_claims_a_thousand_rows_is_refused_and_not_built(admin: Client) -> None:
    role = make.make_role()
    response = _save(admin, role, **{"approval_rules-TOTAL_FORMS": 1000})
    assert "Please submit at most 40 forms." in text_of(response)
    assert "approval_rules-39-order" in response.content.decode()
    assert "approval_rules-40-order" not in response.content.decode()


def test_a_role_approved_by_itself_alone_is_refused(admin: Client) -> None:
    role = make.make_role()
    rule = role.approval_rules.get()
    changes = {"approval_rules-0-approver": "role", "approval_rules-0-approver_role": role.pk}
    response = _save(admin, role, **changes)
    assert NOBODY in text_of(response)
    rule.refresh_from_db()
    assert rule.approver == "assigned"


def test_a_ring_of_roles_is_refused(admin: Client) -> None:
    first = make.make_role()
    second = make.make_role(approvers=[first])
    changes = {"approval_rules-0-approver": "role", "approval_rules-0-approver_role": second.pk}
    assert NOBODY in text_of(_save(admin, first, **changes))


def test_a_retired_role_is_no_approver(admin: Client) -> None:
    retired = make.make_role(is_active=False)
    role = make.make_role()
    changes = {"approval_rules-0-approver": "role", "approval_rules-0-approver_role": retired.pk}
    response = _save(admin, role, **changes)
    assert response.status_code == 200
    assert role.approval_rules.get().approver == "assigned"


def test_deleting_the_last_rule_is_refused(admin: Client) -> None:
    role = make.make_role()
    response = _save(admin, role, **{"approval_rules-0-DELETE": "on"})
    assert NOBODY in text_of(response)
    assert role.approval_rules.exists()


def test_the_only_approver_of_another_role_cannot_be_retired(
    admin: Client, zone: dict[str, Role]
) -> None:
    response = _save(admin, zone["business-owner"], is_active="")
    assert "Nobody could approve these roles any more:" in text_of(response)
    zone["business-owner"].refresh_from_db()
    assert zone["business-owner"].is_active


def test_a_role_that_others_can_stand_in_for_is_retired(
    admin: Client, zone: dict[str, Role]
) -> None:
    assert _save(admin, zone["external-approver"], is_active="").status_code == 302
    entry = AuditEntry.objects.get(tag="role:change")
    assert (entry.before, entry.after) == ({"is_active": True}, {"is_active": False})


def test_two_rungs_can_change_places(admin: Client, zone: dict[str, Role]) -> None:
    role = zone["external-approver"]
    changes = {"approval_rules-0-order": 2, "approval_rules-1-order": 1}
    assert _save(admin, role, **changes).status_code == 302
    names = [str(rule) for rule in role.approval_rules.order_by("order")]
    assert names == ["zONE Business Owner", "CMS zONE Approver"]


def test_two_rungs_of_the_same_order_are_refused(admin: Client, zone: dict[str, Role]) -> None:
    response = _save(admin, zone["external-approver"], **{"approval_rules-1-order": 1})
    assert "Please correct the duplicate data for order" in text_of(response)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"approval_rules-0-approver": "role"}, "Name a role for holders of a role"),
        ({"approval_rules-0-scope": "same_organization"}, "decide for any organization"),
        ({"required_ial": "7"}, "not one of the available choices"),
        ({"kind": "king"}, "not one of the available choices"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(
    admin: Client, changes: dict[str, str], complaint: str
) -> None:
    assert complaint in text_of(_save(admin, make.make_role(), **changes))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "choice"}, "Choices belong to a choice from a list"),
        ({"kind": "text", "choices": "A,B"}, "Choices belong to a choice from a list"),
        ({"kind": "text", "may_be_new": "on"}, "Only an organization may be new."),
        ({"kind": "text", "pattern": "[a"}, "This is not a regular expression"),
        ({"kind": "text", "max_length": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_question_that_means_nothing_is_refused(
    admin: Client, changes: dict[str, str], complaint: str
) -> None:
    role = make.make_role()
    make.make_attribute(role, "mark")
    response = _save(admin, role, **{f"attributes-0-{name}": new for name, new in changes.items()})
    assert complaint in text_of(response)


def test_exclusions_are_of_the_same_system_and_recorded(
    admin: Client, zone: dict[str, Role]
) -> None:
    foreign = make.make_role()
    assert _save(admin, zone["end-user"], excludes=[foreign.pk]).status_code == 200
    assert _save(admin, zone["end-user"], excludes=[zone["end-user"].pk]).status_code == 200

    assert _save(admin, zone["end-user"], excludes=[zone["cms-approver"].pk]).status_code == 302

    entry = AuditEntry.objects.get(tag="role:change")
    assert entry.before == {"excludes": ["zONE Helpdesk"]}
    assert entry.after == {"excludes": ["CMS zONE Approver"]}


def test_system_and_code_of_a_role_stay(admin: Client, zone: dict[str, Role]) -> None:
    other = make.make_system()
    _save(admin, zone["end-user"], system=other.pk, code="other", is_delivered="on")
    zone["end-user"].refresh_from_db()
    assert zone["end-user"].system.slug == "zone"
    assert zone["end-user"].code == "end-user"
    assert not zone["end-user"].is_delivered


def test_a_role_on_which_the_rules_of_others_hang_is_kept(
    admin: Client, zone: dict[str, Role]
) -> None:
    address = f"/admin/catalog/role/{zone['cms-approver'].pk}/delete/"
    assert "cannot be deleted" in text_of(admin.get(address))
    assert admin.post(address, {"post": "yes"}).status_code == 200
    assert Role.objects.filter(pk=zone["cms-approver"].pk).exists()


def test_someone_is_assigned_to_decide_and_it_is_recorded(
    admin: Client, zone: dict[str, Role]
) -> None:
    person = cast.stranger()
    prefix = "roleuserobjectpermission_set"
    changes = {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-user": person.pk,
        f"{prefix}-0-permission": _decide("role"),
    }

    assert _save(admin, zone["business-owner"], **changes).status_code == 302

    assert RoleUserObjectPermission.objects.get().user == person
    assert person.has_perm("catalog.decide_requests", zone["business-owner"])
    assert logged.after("assignment:create")["user"] == "stranger.sam"


def test_nobody_assigns_themselves(
    admin: Client, administrator: User, zone: dict[str, Role]
) -> None:
    prefix = "roleuserobjectpermission_set"
    changes = {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-user": administrator.pk,
        f"{prefix}-0-permission": _decide("role"),
    }

    response = _save(admin, zone["business-owner"], **changes)

    assert "Nobody assigns themselves." in text_of(response)
    assert not RoleUserObjectPermission.objects.exists()
    entry = AuditEntry.objects.get(tag="assignment:create")
    assert entry.outcome == "refused"
    assert entry.actor == administrator


def test_nobody_gives_power_to_a_group_they_are_in(admin: Client, zone: dict[str, Role]) -> None:
    system = zone["end-user"].system
    address = f"/admin/catalog/system/{system.pk}/change/"
    prefix = "systemgroupobjectpermission_set"
    data = {
        **form_of(admin, address),
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-group": Group.objects.get(name="Portal administrators").pk,
        f"{prefix}-0-permission": _decide("system"),
    }

    assert "Nobody assigns themselves." in text_of(admin.post(address, data))
    assert not SystemGroupObjectPermission.objects.exists()


def test_ownership_of_a_person_follows_from_grants_and_is_not_given_here(
    admin: Client, zone: dict[str, Role]
) -> None:
    system = zone["end-user"].system
    address = f"/admin/catalog/system/{system.pk}/change/"
    own = Permission.objects.get(codename="own_system")
    prefix = "systemuserobjectpermission_set"
    data = {
        **form_of(admin, address),
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-user": cast.stranger().pk,
        f"{prefix}-0-permission": own.pk,
    }

    assert "not one of the available choices" in text_of(admin.post(address, data))
    assert not SystemUserObjectPermission.objects.exists()


def test_the_list_is_searched_by_system(admin: Client, zone: dict[str, Role]) -> None:
    make.make_role(make.make_system("PIER", name="Pier Book"), "deckhand")
    found = text_of(admin.get("/admin/catalog/role/", {"q": "zone"}))
    assert "zONE End User" in found
    assert "Deckhand" not in found


def test_a_rule_names_its_roles_with_their_system(admin: Client, zone: dict[str, Role]) -> None:
    assert ApprovalRule.objects.exists()
    assert "zONE: CMS zONE Approver" in text_of(admin.get(_address(zone["end-user"])))
