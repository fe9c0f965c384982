"""The Access Catalog: for whoever is signed in, in few statements, and never a dead end."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.services.listing import CARDS_A_PAGE
from tests import cast
from tests.factories import catalog as make

pytestmark = pytest.mark.django_db

# Who is signed in, the categories, the cards with help desks, role names and count.
STATEMENTS = 3


@pytest.fixture
def client() -> Client:
    """A browser of somebody who has an account and nothing else."""
    return cast.client_of(cast.stranger())


def _page(client: Client, **asked: str | int) -> str:
    response = client.get(reverse("catalog:list"), asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _titles(html: str) -> list[str]:
    return re.findall(r'<h2 class="card__heading"[^>]*><a [^>]*>([^<]+)</a>', html)


def test_somebody_not_signed_in_is_led_to_the_sign_in_and_back() -> None:
    response = Client().get(reverse("catalog:list"), {"q": "zone"})
    assert response.status_code == 302
    assert response["Location"] == reverse("accounts:login") + "?next=/catalog/%3Fq%3Dzone"


def test_a_card_shows_name_description_help_desk_and_the_way_to_ask(client: Client) -> None:
    system = make.make_system("zONE", slug="zone", name="Opportunity to Network", description="It.")
    make.make_help_desk(
        system, phones=["855-267-1515"], tty="1 (800) 555-0101", emails=["a@b.example"]
    )
    make.make_role(system, "end-user", name="zONE End User")

    html = _page(client)

    assert "<h1>Access Catalog</h1>" in html
    text = _text(html)
    assert "zONE Opportunity to Network It. More" in text
    assert "Help Desk Information zONE Help Desk" in text
    for part in ("855-267-1515", "1 (800) 555-0101", "a@b.example", "zONE End User"):
        assert part in text
    link = re.search(r'<a [^>]*href="/catalog/zone/request/"[^>]*>([^<]+)</a>', html)
    assert link is not None
    assert link[1] == "Request Access"
    assert f'aria-describedby="system-{system.pk}"' in link[0]
    assert 'href="/catalog/zone/"' in html


def test_a_system_without_a_help_desk_says_so_and_names_the_portals(client: Client) -> None:
    make.make_system("BRES")
    html = _page(client)
    assert "No help desk is named." in html
    assert reverse("support:contact") in html


def test_the_page_takes_its_exact_number_of_statements(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(CARDS_A_PAGE + 3):
        system = make.make_system()
        make.make_help_desk(system)
        make.make_help_desk(system)
        make.make_role(system)
    _page(client)

    with django_assert_num_queries(STATEMENTS):
        _page(client)
    with django_assert_num_queries(STATEMENTS):
        _page(client, q="system")


def test_the_search_shows_what_fits_and_keeps_the_words(client: Client) -> None:
    make.make_system("zONE", name="Opportunity to Network and Engage")
    make.make_system("PECOS", name="Provider Enrollment")

    html = _page(client, q="enrollment")

    assert _titles(html) == ["PECOS"]
    assert "1 application for “enrollment”" in _text(html)
    assert 'value="enrollment"' in html


def test_a_typing_error_shows_what_comes_close(client: Client) -> None:
    make.make_system("OP", name="Open Payments")
    html = _page(client, q="open paymnts")
    assert _titles(html) == ["OP"]
    assert "Nothing is called “open paymnts”. This application comes close:" in _text(html)


def test_a_category_narrows_the_page(client: Client) -> None:
    make.make_system("zONE")
    make.make_system("DESY", category=make.make_category("Data"))
    html = _page(client, category="data")
    assert _titles(html) == ["DESY"]
    assert "1 application in Data" in _text(html)
    assert '<option value="data" selected>' in html


def test_a_category_without_listed_systems_is_not_offered(client: Client) -> None:
    make.make_system("zONE")
    make.make_system("OLD", category=make.make_category("Dusty shelf"), is_active=False)
    html = _page(client)
    assert "Dusty shelf" not in html
    assert _titles(html) == ["zONE"]


def test_nothing_found_helps_on(client: Client) -> None:
    make.make_system("zONE")
    html = _page(client, q="qqqqqq", category="collaboration")
    assert _titles(html) == []
    assert "Nothing was found" in html
    assert "/catalog/?q=qqqqqq" in html
    assert reverse("support:contact") in html


def test_an_empty_catalog_says_so(client: Client) -> None:
    assert "The catalog is empty" in _page(client)


def test_pages_follow_each_other_and_keep_the_search(client: Client) -> None:
    for number in range(CARDS_A_PAGE + 2):
        make.make_system(f"L{number:02}", name="Ledger")
    make.make_system("OTHER")

    first, second = _page(client, q="ledger"), _page(client, q="ledger", page=2)

    assert len(_titles(first)) == CARDS_A_PAGE
    assert _titles(second) == ["L24", "L25"]
    assert "26 applications for “ledger”, page 1 of 2" in _text(first)
    assert 'href="?q=ledger&page=2"' in first
    assert 'href="?q=ledger&page=1"' in second


def test_a_page_past_the_end_is_the_last_one(client: Client) -> None:
    for _ in range(CARDS_A_PAGE + 1):
        make.make_system()
    assert len(_titles(_page(client, page=999))) == 1


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e9", "999999999999999999999", "1.5"])
def test_an_impossible_page_is_a_bad_request(client: Client, number: str) -> None:
    assert client.get(reverse("catalog:list"), {"page": number}).status_code == 400


@pytest.mark.parametrize("category", ["nowhere", "' OR 1=1", "<script>"])
def test_an_unknown_category_is_a_bad_request(client: Client, category: str) -> None:
    make.make_system("zONE")
    assert client.get(reverse("catalog:list"), {"category": category}).status_code == 400


def test_a_nul_is_a_bad_request(client: Client) -> None:
    assert client.get(reverse("catalog:list") + "?q=%00").status_code == 400


@pytest.mark.parametrize("query", ["?q=a&q=b", "?q[]=a", "?sort=user__password", "?name__regex=.*"])
def test_parameters_that_mean_nothing_do_nothing(client: Client, query: str) -> None:
    make.make_system("zONE")
    assert client.get(reverse("catalog:list") + query).status_code == 200


def test_a_very_long_search_is_cut(client: Client) -> None:
    html = _page(client, q="z" * 5000)
    assert "z" * 101 not in html


def test_markup_in_words_and_names_is_shown_as_text(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    system = make.make_system(name=f"Name {evil}", description=evil, synonyms=evil)
    make.make_help_desk(system, notes=evil)

    for asked in ({}, {"q": evil}):
        response = client.get(reverse("catalog:list"), asked)
        assert evil not in response.content.decode()


def test_a_post_is_refused(client: Client) -> None:
    assert client.post(reverse("catalog:list")).status_code == 405
