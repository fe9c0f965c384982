"""Choose Your QualityNet Destination: what is shown, what can be chosen, where it leads."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import System
from tests import cast
from tests.factories import catalog
from tests.qualitynet import DESTINATIONS, PROGRAMS

PAGE = "/quality-improvement/destinations/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def qbic() -> System:
    """The one destination that the catalog has."""
    return catalog.make_system("QBIC", name="QIES Business Intelligence Center")


def _html(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def _entries(html: str) -> list[str]:
    main = html.partition("<main")[2].partition("</main>")[0]
    entries = re.findall(r"<li>(.*?)</li>", main, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", entry).split()) for entry in entries]


def test_the_tab_offers_a_stranger_the_log_in_of_qualitynet(client: Client) -> None:
    html = _html(client, reverse("support:quality_improvement"))
    assert re.search(rf'<a class="usa-button"[^>]*href="{PAGE}">Log In</a>', html)


def test_the_tab_offers_somebody_signed_in_the_choice() -> None:
    html = _html(cast.client_of(cast.assister()), reverse("support:quality_improvement"))
    assert re.search(rf'<a class="usa-button"[^>]*href="{PAGE}">{DESTINATIONS}</a>', html)
    assert ">Log In<" not in html


def test_the_other_tab_has_no_such_entry(client: Client) -> None:
    assert PAGE not in _html(client, reverse("support:provider_resources"))


def test_the_programs_stand_in_the_order_of_the_source(client: Client, qbic: System) -> None:
    html = _html(client)
    assert f">{DESTINATIONS}</h1>" in html
    assert "Select your primary quality program:" in html
    entries = [entry.removesuffix(" Not in the catalog") for entry in _entries(html)]
    assert entries == ["Secure File Transfer", *PROGRAMS]


def test_what_the_catalog_has_is_a_link_and_the_rest_says_that_it_is_absent(
    client: Client, qbic: System
) -> None:
    html = _html(client)
    assert re.findall(rf'href="({PAGE}[^"]+)"', html) == [f"{PAGE}qbic/"]
    entries = _entries(html)
    assert entries[-1] == qbic.name
    assert all(entry.endswith("Not in the catalog") for entry in entries[:-1])


def test_the_name_is_the_one_the_catalog_has(client: Client) -> None:
    catalog.make_system("QBIC", name="Center for Reports on Quality")
    assert _entries(_html(client))[-1] == "Center for Reports on Quality"


def test_a_catalog_without_any_of_them_leads_to_the_directory(client: Client) -> None:
    catalog.make_system("QBIC", name=PROGRAMS[-1], is_active=False)
    html = _html(client)
    assert "No destination here yet" in html
    assert reverse("support:help") in html
    assert PROGRAMS[-1] not in html


def test_the_page_costs_one_query_and_is_kept_for_a_minute(
    client: Client, qbic: System, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        _html(client)
    with django_assert_num_queries(0):
        _html(client)


def test_choosing_leads_a_stranger_to_the_terms(client: Client, qbic: System) -> None:
    assert client.get(f"{PAGE}qbic/").headers["Location"] == "/terms/"


def test_choosing_leads_somebody_signed_in_straight_to_the_system(qbic: System) -> None:
    client = cast.client_of(cast.assister())
    response = client.get(f"{PAGE}qbic/", follow=True)
    assert response.redirect_chain == [("/catalog/qbic/", 302)]
    assert qbic.name in response.content.decode()


@pytest.mark.parametrize("destination", ["nowhere", "zone", "pqrs"])
def test_a_destination_that_is_none_is_not_found_in_words(
    client: Client, qbic: System, destination: str
) -> None:
    catalog.make_system("zONE")  # in the catalog, and no destination of QualityNet
    response = client.get(f"{PAGE}{destination}/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_retired_system_is_no_destination(client: Client) -> None:
    catalog.make_system("QBIC", name=PROGRAMS[-1], is_active=False)
    assert client.get(f"{PAGE}qbic/").status_code == 404
