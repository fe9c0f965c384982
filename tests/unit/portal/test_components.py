"""Components keep their promises with the arguments that pages give them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string


def _render(name: str, **arguments: Any) -> str:
    return render_to_string(f"components/{name}.html", arguments)


@pytest.mark.parametrize(
    ("state", "spoken"),
    [("complete", "completed"), ("current", "current step"), ("incomplete", "not completed")],
)
def test_the_step_indicator_says_what_its_colours_show(state: str, spoken: str) -> None:
    html = _render("step_indicator", steps=[{"label": "Terms", "state": state}])
    assert spoken in html
    assert ('aria-current="step"' in html) == (state == "current")


def test_the_step_indicator_counts() -> None:
    steps = [
        {"label": "Terms", "state": "complete"},
        {"label": "Information", "state": "current"},
        {"label": "Confirmation", "state": "incomplete"},
    ]
    assert "Step 2 of 3" in _render("step_indicator", steps=steps)


@pytest.mark.parametrize(("kind", "role"), [("error", "alert"), ("success", "status")])
def test_an_alert_is_announced_by_its_weight(kind: str, role: str) -> None:
    html = _render("alert", kind=kind, text="Saved.")
    assert f'role="{role}"' in html
    assert f"usa-alert--{kind}" in html


def test_one_page_needs_no_pages() -> None:
    assert _render("pagination", page=Paginator([1], 5).page(1), query="").strip() == ""


def test_pages_keep_the_other_parameters() -> None:
    page = Paginator(range(12), 5).page(2)
    html = _render("pagination", page=page, query="q=a%26b")
    assert 'href="?q=a%26b&amp;page=1"' in html
    assert 'href="?q=a%26b&amp;page=3"' in html
    assert "Page 2 of 3" in html


def test_numbered_pages_mark_where_one_is() -> None:
    paginator = Paginator(range(100), 5)
    html = _render(
        "pagination", page=paginator.page(9), query="", numbers=paginator.get_elided_page_range(9)
    )
    assert html.count('aria-current="page"') == 1
    assert "…" in html


@pytest.mark.parametrize(
    ("previous_href", "next_href", "links"), [("", "", 0), ("?p", "", 1), ("?p", "?n", 2)]
)
def test_paging_by_key_shows_only_ways_that_exist(
    previous_href: str, next_href: str, links: int
) -> None:
    html = _render("keyset", previous_href=previous_href, next_href=next_href)
    assert html.count("<a ") == links


def test_a_help_desk_shows_every_way_to_reach_it_and_no_link_to_write() -> None:
    desk = SimpleNamespace(
        name="ACO Help Desk",
        phones=["1 (888) 734-6433"],
        tty="1 (888) 734-6563",
        fax="1 (888) 555-0100",
        emails=["aco@desk.example"],
        hours="9 to 5",
        web_address="https://desk.example/",
        notes="Choose option 2.",
    )
    html = _render("help_desk", desk=desk)
    for text in (desk.phones[0], desk.tty, desk.fax, desk.emails[0], desk.hours, desk.notes):
        assert text in html
    assert "mailto:" not in html


def test_a_help_desk_without_contact_says_where_to_ask() -> None:
    html = _render("help_desk", desk=SimpleNamespace(name="COB&R Help Desk", phones=[], emails=[]))
    assert "No phone or e-mail is published" in html


def test_an_empty_list_offers_a_way_on() -> None:
    html = _render("empty", heading="Nothing", text="Try again.", href="/all/", label="Show all")
    assert 'href="/all/"' in html
    assert "Show all" in html


def test_a_summary_keeps_lines_and_shows_text_as_text() -> None:
    rows = [{"label": "Reason", "value": "first\n<b>second</b>"}, {"label": "None", "value": ""}]
    html = _render("summary_list", rows=rows)
    assert "first<br>&lt;b&gt;second&lt;/b&gt;" in html
    assert html.count("<dt>") == 2
