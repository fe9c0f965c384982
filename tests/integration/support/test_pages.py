"""The pages about the portal: open to everybody, true to the settings, without dead ends."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from support import mail_kinds
from tests import cast
from tests.factories import catalog

PAGES = [
    "help",
    "provider_resources",
    "quality_improvement",
    "destinations",
    "about",
    "newsroom",
    "archive",
    "contact",
    "alerts",
    "printing",
    "privacy",
    "accessibility",
    "paperwork",
]

pytestmark = pytest.mark.django_db


def _page(client: Client, name: str) -> str:
    response = client.get(reverse(f"support:{name}"))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_reads_the_page(client: Client, name: str) -> None:
    html = _page(client, name)
    assert html.count("<h1") == 1
    assert "This is not a government website" in html


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_the_page_leads_somewhere(client: Client, name: str) -> None:
    catalog.make_help_desk(catalog.make_system("ZONE"))
    html = _page(client, name)
    for href in set(re.findall(r'href="(/[^"#?]*)', html)):
        if href.startswith("/static/"):
            continue
        assert client.get(href).status_code in {200, 302}, href


@pytest.mark.parametrize("name", PAGES)
def test_every_jump_within_the_page_has_a_goal(client: Client, name: str) -> None:
    catalog.make_system("ZONE")
    html = _page(client, name)
    for target in set(re.findall(r'href="#([^"]+)"', html)):
        assert html.count(f'id="{target}"') == 1, target


@pytest.mark.parametrize("name", ["about", "contact", "privacy"])
def test_a_page_that_needs_no_data_asks_the_database_nothing(
    client: Client, name: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        _page(client, name)


def test_the_directory_lists_every_system_with_its_help_desk(client: Client) -> None:
    system = catalog.make_system("ACO/SSP", name="Shared Savings Program")
    catalog.make_help_desk(system, name="ACO Help Desk", phones=["1 (888) 734-6433"])
    catalog.make_system("BRES", name="Business Rules Enterprise Services")
    html = _page(client, "help")
    assert "ACO/SSP: Shared Savings Program" in html
    assert "1 (888) 734-6433" in html
    assert "The sources name no help desk for this application" in html
    assert 'id="letter-a"' in html
    assert 'id="letter-b"' in html


def test_the_directory_leaves_out_what_the_catalog_does_not_show(client: Client) -> None:
    catalog.make_system("GONE", name="Gone System", is_active=False)
    assert "Gone System" not in _page(client, "help")


def test_the_directory_costs_two_queries_however_long_it_is(
    client: Client, django_assert_num_queries: Any
) -> None:
    for _number in range(12):
        catalog.make_help_desk(catalog.make_system())
    with django_assert_num_queries(2):
        _page(client, "help")
    with django_assert_num_queries(0):  # the list is kept for a minute
        html = _page(client, "help")
    assert html.count("Help Desk</p>") == 12


def test_the_kept_lists_of_the_two_tabs_are_not_mixed_up(client: Client) -> None:
    catalog.make_system("QARM", category=catalog.make_category("Quality reporting"))
    catalog.make_system("DBIDS", category=catalog.make_category("DMEPOS bidding"))
    for _time in range(2):
        assert "DBIDS" not in _page(client, "quality_improvement")
        assert "QARM" not in _page(client, "provider_resources")


def test_the_answers_quote_the_limits_in_force(client: Client, settings: Any) -> None:
    settings.SIGN_IN_FAILURE_LIMIT = 7
    settings.MINIMUM_AGE_YEARS = 21
    html = _page(client, "help")
    assert "After 7 wrong passwords" in html
    assert "You have to be 21 or older" in html


def test_the_tabs_show_the_systems_of_their_kind(client: Client) -> None:
    quality = catalog.make_category("Quality reporting")
    bidding = catalog.make_category("DMEPOS bidding")
    catalog.make_system("QARM", category=quality)
    catalog.make_system("DBIDS", category=bidding)
    assert "QARM" in _page(client, "quality_improvement")
    assert "DBIDS" not in _page(client, "quality_improvement")
    assert "DBIDS" in _page(client, "provider_resources")
    assert "QARM" not in _page(client, "provider_resources")


def test_a_tab_without_systems_leads_to_the_directory(client: Client) -> None:
    html = _page(client, "provider_resources")
    assert "No application here yet" in html
    assert reverse("support:help") in html


def test_the_header_shows_a_person_the_own_menu(client: Client) -> None:
    person = cast.assister()
    html = cast.client_of(person).get(reverse("support:about")).content.decode()
    assert person.get_full_name() in html
    for name in ("accounts:profile", "access_requests:my_access"):
        assert f'href="{reverse(name)}"' in html
    assert re.search(rf'method="post"\s+action="{reverse("accounts:logout")}"', html)
    assert "Sign in" not in html


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        (cast.auditor, "audit_log"),
        (cast.superuser, "audit_log"),
        (cast.portal_help_desk, "helpdesk"),
        (cast.assister, ""),
    ],
)
def test_the_menu_leads_to_the_work_one_may_do(who: Any, offered: str) -> None:
    client = cast.client_of(who())
    client.get(reverse("access_requests:welcome"))
    html = client.get(reverse("support:about")).content.decode()
    links = [name for name in ("audit_log", "helpdesk") if reverse(f"support:{name}") in html]
    assert links == ([offered] if offered else [])


def test_the_header_offers_a_stranger_the_sign_in_and_no_menu(client: Client) -> None:
    html = _page(client, "about")
    assert "Sign in" in html
    assert "Log Out" not in html


def test_the_page_names_what_it_loads_only_from_here(client: Client) -> None:
    html = _page(client, "help")
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', html)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)


def test_the_newsroom_tells_what_came_the_newest_first(client: Client) -> None:
    html = _page(client, "newsroom")
    days = re.findall(r'datetime="([^"]+)"', html)
    assert days == sorted(days, reverse=True)
    for name in ("Identity Verification", "Manage MFA Devices", "Help Desk Code", "Access Catalog"):
        assert name in html


def test_the_page_about_mails_names_every_kind(client: Client) -> None:
    html = unescape(_page(client, "alerts"))
    for section in mail_kinds.SECTIONS:
        for line in section.lines:
            assert str(line.text) in html
    assert "This was not me" in html
