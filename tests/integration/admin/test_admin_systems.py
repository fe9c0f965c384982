"""Systems in the administration pages: changed by whoever may, recorded, never lost."""

from typing import Any

import pytest
from django.test import Client

import clock
from accounts.models import User
from audit.models import AuditEntry
from catalog.models import HelpDesk, Role, System
from tests import cast, logged
from tests.factories import catalog as make
from tests.integration.admin.conftest import form_of, text_of


def _address(system: System, what: str = "change") -> str:
    return f"/admin/catalog/system/{system.pk}/{what}/"


def _save(client: Client, system: System, **changes: Any) -> Any:
    return client.post(_address(system), {**form_of(client, _address(system)), **changes})


@pytest.fixture
def harbor(db: None) -> System:
    """A system with a help desk."""
    system = make.make_system("HBR", slug="harbor", name="Harbor Log", description="Old.")
    make.make_help_desk(system, tty="1 (800) 555-0101")
    make.make_role(system, "end-user")
    return system


def test_a_change_is_saved_and_recorded_with_both_sides(
    admin: Client, administrator: User, harbor: System
) -> None:
    response = _save(admin, harbor, description="New.")

    assert response.status_code == 302
    harbor.refresh_from_db()
    assert harbor.description == "New."
    entry = AuditEntry.objects.get(tag="system:change")
    assert (entry.before, entry.after) == ({"description": "Old."}, {"description": "New."})
    assert entry.actor == administrator
    assert entry.target_id == str(harbor.pk)
    assert entry.address == "127.0.0.1"


def test_saving_without_a_change_records_nothing(admin: Client, harbor: System) -> None:
    assert _save(admin, harbor).status_code == 302
    assert not AuditEntry.objects.filter(tag__contains="system").exists()


def test_a_new_system_is_recorded_whole(admin: Client) -> None:
    category = make.make_category()
    data = form_of(admin, "/admin/catalog/system/add/")
    data |= {"name": "Pier Book", "acronym": "PB", "slug": "pb", "category": category.pk}

    assert admin.post("/admin/catalog/system/add/", data).status_code == 302

    entry = AuditEntry.objects.get(tag="system:create")
    assert entry.before is None
    assert logged.after("system:create")["name"] == "Pier Book"
    assert System.objects.get(slug="pb").delivered_digest == ""


def test_a_changed_a_new_and_a_deleted_help_desk_are_recorded(
    admin: Client, harbor: System
) -> None:
    prefix = "help_desks"
    _save(admin, harbor, **{f"{prefix}-0-tty": "1 (800) 555-0199"})
    data = form_of(admin, _address(harbor))
    data |= {f"{prefix}-TOTAL_FORMS": 2, f"{prefix}-0-DELETE": "on"}
    data |= {
        f"{prefix}-1-name": "Second",
        f"{prefix}-1-order": 2,
        f"{prefix}-1-phones": "1-800-555-0102",
    }
    assert admin.post(_address(harbor), data).status_code == 302

    assert HelpDesk.objects.get().phones == ["1-800-555-0102"]
    changed = AuditEntry.objects.get(tag="help_desk:change")
    assert changed.before == {"tty": "1 (800) 555-0101"}
    assert changed.after == {"tty": "1 (800) 555-0199"}
    assert AuditEntry.objects.filter(tag="help_desk:create").count() == 1
    assert logged.before("help_desk:delete")["tty"] == "1 (800) 555-0199"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("web_address", "javascript:alert(1)", "Enter a valid URL."),
        ("help_desks-0-phones", "call us", "This is not a phone number."),
        ("help_desks-0-emails", "desk", "Enter a valid email address."),
        ("name", "", "This field is required."),
    ],
)
def test_a_wrong_value_is_refused_in_words(
    admin: Client, harbor: System, field: str, value: str, complaint: str
) -> None:
    response = _save(admin, harbor, **{field: value})
    assert response.status_code == 200
    assert complaint in text_of(response)
    assert not AuditEntry.objects.filter(tag__startswith="system:").exists()


def test_a_system_cannot_be_part_of_itself_over_another(admin: Client, harbor: System) -> None:
    part = make.make_system("PART", parent=harbor)
    response = _save(admin, harbor, parent=part.pk)
    assert "A system cannot be part of itself." in text_of(response)


def test_extra_fields_are_ignored(admin: Client, harbor: System) -> None:
    _save(admin, harbor, slug="other", delivered_digest="x", id=1, search="x")
    harbor.refresh_from_db()
    assert harbor.slug == "harbor"
    assert harbor.delivered_digest == ""


def test_a_system_with_history_is_kept_and_the_page_says_what_to_do(
    admin: Client, zone: dict[str, Role]
) -> None:
    from access_requests.models import AccessRequest

    system = zone["end-user"].system
    AccessRequest.objects.create(requester=cast.assister(), system=system, created_at=clock.now())

    page = admin.get(_address(system, "delete"))
    response = admin.post(_address(system, "delete"), {"post": "yes"})

    assert "Take it out of the catalog instead" in text_of(page)
    assert response.status_code == 200
    assert System.objects.filter(pk=system.pk).exists()
    assert not AuditEntry.objects.filter(tag="system:delete").exists()


def test_a_system_without_history_can_be_deleted_and_is_recorded(
    admin: Client, harbor: System
) -> None:
    assert admin.post(_address(harbor, "delete"), {"post": "yes"}).status_code == 302
    assert not System.objects.filter(slug="harbor").exists()
    assert logged.before("system:delete")["name"] == "Harbor Log"


def test_deleting_from_the_list_is_recorded_too(admin: Client, harbor: System) -> None:
    data = {"action": "delete_selected", "_selected_action": [harbor.pk], "post": "yes"}
    assert admin.post("/admin/catalog/system/", data).status_code == 302
    assert AuditEntry.objects.filter(tag="system:delete").count() == 1


def test_a_system_whose_roles_approve_others_cannot_be_retired(admin: Client) -> None:
    approver = make.make_role(make.make_system("A"), "approver")
    make.make_role(make.make_system("B", name="Left alone"), "end", approvers=[approver])

    response = _save(admin, approver.system, is_active="")

    assert "Nobody could approve these roles any more: Left alone: End." in text_of(response)
    approver.system.refresh_from_db()
    assert approver.system.is_active


def test_the_list_is_searched_and_filtered(admin: Client, harbor: System) -> None:
    make.make_system("PIER", name="Pier Book")
    found = text_of(admin.get("/admin/catalog/system/", {"q": "harbor"}))
    assert "Harbor Log" in found
    assert "Pier Book" not in found
    assert admin.get("/admin/catalog/system/", {"is_active__exact": "0"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["?category__name__regex=(a%2B)%2B", "?o=99", "?p=-1", "?q=%27%20OR%201%3D1", "?x=1"]
)
def test_probes_of_the_list_find_nothing(admin: Client, harbor: System, query: str) -> None:
    assert admin.get(f"/admin/catalog/system/{query}").status_code in {200, 302, 400}


def test_markup_in_names_is_shown_as_text(admin: Client) -> None:
    evil = "<script>alert(1)</script>"
    system = make.make_system("X", name=evil, description=evil)
    make.make_role(system, "end", name=evil)
    for address in ("/admin/catalog/system/", _address(system), "/admin/catalog/role/"):
        assert evil not in admin.get(address).content.decode()


def test_the_history_shows_both_sides(admin: Client, harbor: System) -> None:
    _save(admin, harbor, description="New.")
    text = text_of(admin.get(_address(harbor, "history")))
    assert "system:change description: Old. description: New." in text
    assert "admin.portal" in text


def test_an_owner_sees_and_edits_the_own_system_only(
    owner: Client, zone: dict[str, Role], harbor: System
) -> None:
    system = zone["end-user"].system
    listed = text_of(owner.get("/admin/catalog/system/"))
    assert "zONE" in listed
    assert "Harbor Log" not in listed
    assert owner.get(_address(harbor)).status_code in {302, 404}

    assert _save(owner, system, description="By the owner.").status_code == 302

    system.refresh_from_db()
    assert system.description == "By the owner."
    assert AuditEntry.objects.get(tag="system:change").actor_label == "owner.zone"


def test_an_owner_changes_the_help_desk(owner: Client, zone: dict[str, Role]) -> None:
    system = zone["end-user"].system
    make.make_help_desk(system)
    assert _save(owner, system, **{"help_desks-0-fax": "1-800-555-0103"}).status_code == 302
    assert system.help_desks.get().fax == "1-800-555-0103"


def test_an_owner_can_change_nothing_else(owner: Client, zone: dict[str, Role]) -> None:
    system = zone["end-user"].system
    _save(owner, system, name="Taken over", slug="taken", is_active="", reapply_wait_minutes="9")
    system.refresh_from_db()
    assert (system.name, system.slug, system.is_active, system.reapply_wait_minutes) == (
        "Opportunity to Network and Engage",
        "zone",
        True,
        0,
    )
    for address in ("/admin/catalog/system/add/", _address(system, "delete")):
        assert owner.get(address).status_code == 404
    for address in ("/admin/catalog/role/", f"/admin/catalog/role/{zone['end-user'].pk}/change/"):
        assert owner.get(address).status_code == 404


def test_an_owner_cannot_post_to_a_foreign_system(
    owner: Client, zone: dict[str, Role], harbor: System
) -> None:
    data = {"name": "Taken", "description": "Taken"}
    assert owner.post(_address(harbor), data).status_code in {302, 404}
    harbor.refresh_from_db()
    assert harbor.description == "Old."
