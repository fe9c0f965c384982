"""A form of the administration opened twice: the second save does not undo the first unseen."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEntry
from catalog.models import HelpDesk, Role, System
from tests.factories import catalog as make
from tests.integration.admin.conftest import form_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> System:
    """A system with a help desk and a role."""
    system = make.make_system("HBR", slug="harbor", name="Harbor Log", description="Old.")
    make.make_help_desk(system, tty="1 (800) 555-0101")
    make.make_role(system, "end-user")
    return system


def _open(client: Client, address: str) -> dict[str, Any]:
    """What the page would send, with the revision it carries."""
    page = client.get(address)
    assert f'name="revision" value="{page.context["revision"]}"' in page.content.decode()
    return {**form_of(client, address), "revision": page.context["revision"]}


def _address(row: Any) -> str:
    return f"/admin/catalog/{row._meta.model_name}/{row.pk}/change/"


def test_the_second_save_is_refused_and_says_who_changed_what(
    admin: Client, administrator: User, harbor: System
) -> None:
    first, second = _open(admin, _address(harbor)), _open(admin, _address(harbor))
    assert admin.post(_address(harbor), {**first, "description": "New."}).status_code == 302

    response = admin.post(_address(harbor), {**second, "name": "Pier Log"})

    shown = text_of(response)
    assert response.status_code == 200
    assert f"{administrator.user_id} changed this on" in shown
    assert "Description is now: New." in shown
    harbor.refresh_from_db()
    assert (harbor.name, harbor.description) == ("Harbor Log", "New.")
    assert AuditEntry.objects.filter(tag="system:change").count() == 1


def test_what_was_told_may_be_replaced_knowingly(admin: Client, harbor: System) -> None:
    first, second = _open(admin, _address(harbor)), _open(admin, _address(harbor))
    admin.post(_address(harbor), {**first, "description": "New."})
    told = admin.post(_address(harbor), {**second, "description": "Mine."})

    again = {**second, "description": "Mine.", "revision": told.context["revision"]}
    assert admin.post(_address(harbor), again).status_code == 302
    harbor.refresh_from_db()
    assert harbor.description == "Mine."


def test_a_row_of_an_inline_counts_too(admin: Client, harbor: System) -> None:
    first, second = _open(admin, _address(harbor)), _open(admin, _address(harbor))
    tty = "help_desks-0-tty"
    assert admin.post(_address(harbor), {**first, tty: "1 (800) 555-0199"}).status_code == 302

    response = admin.post(_address(harbor), {**second, tty: "1 (800) 555-0142"})

    assert "is now: 1 (800) 555-0199" in text_of(response)
    assert HelpDesk.objects.get().tty == "1 (800) 555-0199"


def test_a_role_is_guarded_too(admin: Client, harbor: System) -> None:
    role = Role.objects.get(system=harbor)
    first, second = _open(admin, _address(role)), _open(admin, _address(role))
    assert admin.post(_address(role), {**first, "description": "New."}).status_code == 302

    response = admin.post(_address(role), {**second, "name": "Renamed"})

    assert "after you opened the page. Nothing was saved." in text_of(response)
    role.refresh_from_db()
    assert role.name != "Renamed"


def test_an_error_in_the_form_does_not_hide_what_happened_meanwhile(
    admin: Client, harbor: System
) -> None:
    second = _open(admin, _address(harbor))
    wrong = admin.post(_address(harbor), {**second, "name": ""})
    System.objects.filter(pk=harbor.pk).update(description="By command.")

    response = admin.post(
        _address(harbor), {**second, "revision": wrong.context["revision"], "name": "Pier Log"}
    )

    assert "Somebody changed this after you opened the page" in text_of(response)


@pytest.mark.parametrize("revision", ["x", "9" * 40 + ".x", "\u0663.x", "."])
def test_a_revision_that_was_never_given_is_an_old_one(
    admin: Client, harbor: System, revision: str
) -> None:
    data = {**form_of(admin, _address(harbor)), "revision": revision, "name": "Pier Log"}

    assert "Nothing was saved." in text_of(admin.post(_address(harbor), data))
