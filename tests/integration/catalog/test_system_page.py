"""A system's own page: roles, who decides about them in words, and who helps."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import Role
from tests import cast
from tests.factories import catalog as make

pytestmark = pytest.mark.django_db

# Who is signed in, the system with its help desks and parts, the roles with all they need.
STATEMENTS = 3


@pytest.fixture
def zone() -> dict[str, Role]:
    """The roles of zONE."""
    return make.make_zone()


@pytest.fixture
def client() -> Client:
    """A browser of somebody who has an account and nothing else."""
    return cast.client_of(cast.stranger())


def _page(client: Client, slug: str = "zone") -> str:
    response = client.get(reverse("catalog:system", args=[slug]))
    assert response.status_code == 200
    html = re.sub(r"<[^>]+>", " ", unescape(response.content.decode()))
    return " ".join(html.split())


def test_somebody_not_signed_in_is_led_to_the_sign_in(zone: dict[str, Role]) -> None:
    response = Client().get(reverse("catalog:system", args=["zone"]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


def test_each_role_says_who_decides_in_order(client: Client, zone: dict[str, Role]) -> None:
    text = _page(client)
    assert (
        "zONE End User End user Who decides zONE External Approver of the same organization "
        "CMS zONE Approver zONE Business Owner" in text
    )
    assert "zONE Business Owner Business owner Who decides People assigned to decide" in text


def test_each_role_says_what_it_takes_and_asks(client: Client, zone: dict[str, Role]) -> None:
    text = _page(client)
    assert "Level of Assurance 1 (self-asserted; password)" in text
    assert "What you will be asked Organization Navigator or CAC ID Reason for request" in text
    assert "Cannot be held together with zONE End User, zONE External Approver" in text


def test_a_role_that_needs_proofing_says_so(client: Client) -> None:
    make.make_role(make.make_system("PSR", slug="psr"), required_ial=2, required_aal=2)
    text = _page(client, "psr")
    assert "Level of Assurance 3 (identity proofed; password and a second factor)" in text


def test_a_default_role_is_marked(client: Client, zone: dict[str, Role]) -> None:
    make.make_role(make.make_system("DEX", slug="dex"), is_default=True)
    assert "A default role: the published material names no roles" in _page(client, "dex")
    assert "A default role" not in _page(client)


def test_a_retired_role_is_not_shown(client: Client, zone: dict[str, Role]) -> None:
    zone["helpdesk"].is_active = False
    zone["helpdesk"].save()
    assert "zONE Helpdesk" not in _page(client)


def test_parts_and_the_whole_lead_to_each_other(client: Client) -> None:
    whole = make.make_system("IC", slug="ic", name="Innovation Center")
    make.make_system("OCM", slug="ocm", name="Oncology Care Model", parent=whole)
    make.make_system("OLD", slug="old", name="Old Model", parent=whole, is_active=False)

    assert "Applications in it OCM: Oncology Care Model" in _page(client, "ic")
    assert "Old Model" not in _page(client, "ic")
    assert "Part of Innovation Center" in _page(client, "ocm")


def test_what_to_do_first_and_the_help_desk_are_told(client: Client) -> None:
    system = make.make_system("N", slug="n", precondition="Send the form first.")
    make.make_help_desk(system, phones=["1-855-880-8424"], hours="All day", notes="Press 2.")
    text = _page(client, "n")
    for part in ("Send the form first.", "1-855-880-8424", "All day", "Press 2."):
        assert part in text


def test_request_access_leads_to_the_request(client: Client, zone: dict[str, Role]) -> None:
    response = client.get(reverse("catalog:system", args=["zone"]))
    link = re.search(
        r'<a [^>]*href="/catalog/zone/request/">([^<]+)</a>', response.content.decode()
    )
    assert link is not None
    assert link[1] == "Request Access"


def test_the_page_takes_its_exact_number_of_statements(
    client: Client, zone: dict[str, Role], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.make_help_desk(zone["end-user"].system)
    make.make_system("P", parent=zone["end-user"].system)
    _page(client)
    with django_assert_num_queries(STATEMENTS):
        _page(client)


@pytest.mark.parametrize("slug", ["nowhere", "retired", "zone-"])
def test_a_retired_system_is_as_absent_as_one_that_never_was(client: Client, slug: str) -> None:
    make.make_system("R", slug="retired", is_active=False)
    assert client.get(reverse("catalog:system", args=[slug])).status_code == 404
