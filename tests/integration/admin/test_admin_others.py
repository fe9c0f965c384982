"""Categories and organizations in the administration pages."""

import pytest
from django.test import Client

from audit.models import AuditEntry
from catalog.models import Category
from organizations.models import Organization
from tests import logged
from tests.factories import catalog as make
from tests.factories.organizations import make_organization
from tests.integration.admin.conftest import form_of, text_of

ORGANIZATIONS = "/admin/organizations/organization/"


def _organization(organization: Organization) -> str:
    return f"{ORGANIZATIONS}{organization.pk}/change/"


def test_a_category_is_added_and_recorded(admin: Client) -> None:
    data = {"name": "New shelf", "slug": "new-shelf", "order": "3"}
    assert admin.post("/admin/catalog/category/add/", data).status_code == 302
    assert Category.objects.get(slug="new-shelf").order == 3
    assert logged.after("category:create")["name"] == "New shelf"


def test_a_category_with_systems_is_kept(admin: Client) -> None:
    system = make.make_system()
    address = f"/admin/catalog/category/{system.category_id}/delete/"
    assert "cannot be deleted" in text_of(admin.get(address))
    assert admin.post(address, {"post": "yes"}).status_code == 200
    assert Category.objects.filter(pk=system.category_id).exists()


def test_an_organization_is_added_with_its_compared_name(admin: Client) -> None:
    data = {"name": "  Harbor   Community Health ", "kind": "assister", "is_active": "on"}
    assert admin.post(f"{ORGANIZATIONS}add/", data).status_code == 302
    organization = Organization.objects.get()
    assert organization.name == "Harbor Community Health"
    assert organization.name_key == "harbor community health"
    assert logged.after("organization:create")["kind"] == "assister"


@pytest.mark.parametrize("name", ["harbor community health", "HARBOR  Community Health\u200b"])
def test_the_same_name_in_another_spelling_is_refused(admin: Client, name: str) -> None:
    make_organization("Harbor Community Health")
    response = admin.post(f"{ORGANIZATIONS}add/", {"name": name, "kind": "other"})
    assert "exists already" in text_of(response)
    assert Organization.objects.count() == 1


def test_a_name_of_invisible_characters_is_refused(admin: Client) -> None:
    response = admin.post(f"{ORGANIZATIONS}add/", {"name": "\u200b\u200b", "kind": "other"})
    assert "Enter a name." in text_of(response)
    assert not Organization.objects.exists()


def test_an_organization_is_renamed_and_both_names_are_recorded(admin: Client) -> None:
    organization = make_organization("Harbor Health")
    data = form_of(admin, _organization(organization)) | {"name": "Harbor Care"}
    assert admin.post(_organization(organization), data).status_code == 302
    entry = AuditEntry.objects.get(tag="organization:change")
    assert (entry.before, entry.after) == ({"name": "Harbor Health"}, {"name": "Harbor Care"})
    assert Organization.objects.by_name("HARBOR CARE") == organization


def test_an_organization_is_retired_and_not_deleted(admin: Client) -> None:
    organization = make_organization("Harbor Health")
    data = form_of(admin, _organization(organization))
    data.pop("is_active")
    assert admin.post(_organization(organization), data).status_code == 302
    assert Organization.objects.by_name("Harbor Health") is None
    assert admin.get(f"{ORGANIZATIONS}{organization.pk}/delete/").status_code == 404


def test_the_filter_of_states_says_in_words_that_none_is_given(admin: Client) -> None:
    make_organization(state="")
    make_organization(state="MD")
    assert "(not given)" in text_of(admin.get(ORGANIZATIONS))
