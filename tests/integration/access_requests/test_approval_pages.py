"""Pending Approvals: whose requests it shows, and what the three buttons do."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import clock
from access_requests import seen
from access_requests.models import Decision, Grant
from access_requests.models.requests import Status
from access_requests.services import decisions, grants, requests
from tests.factories.access_requests import make_grant, make_request
from tests.factories.accounts import strong, user
from tests.factories.organizations import make_organization
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import statements

QUEUE = "/approvals/"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def url_of(asked: Any, name: str = "approval") -> str:
    return reverse(f"access_requests:{name}", args=[asked.tracking_number])


@pytest.fixture
def asked(world: World) -> Any:
    world.everybody()
    return make_request(world.assister, world.end_user, world.harbor)


@pytest.fixture
def visitor(world: World, asked: Any) -> Any:
    return world.client(world.external_approver)


def form_of(visitor: Any, asked: Any, **fields: Any) -> Any:
    """Return what the visitor would post from the open page."""
    html = visitor.get(url_of(asked)).content.decode()
    hidden = dict(re.findall(r'name="(revision|form_key|seen)" value="([^"]+)"', html))
    return {**hidden, "comment": "", **fields}


def test_the_queue_shows_own_items_only(visitor: Any, world: World, asked: Any) -> None:
    elsewhere = make_request(world.stranger, world.end_user, make_organization())
    text = text_of(visitor.get(QUEUE))
    assert "Pending Approvals" in text
    assert asked.tracking_number in text
    assert elsewhere.tracking_number not in text


def test_the_oldest_request_comes_first_with_its_age(
    visitor: Any, world: World, asked: Any
) -> None:
    old = make_request(user(), world.end_user, world.harbor, age=dt.timedelta(days=3))
    text = text_of(visitor.get(QUEUE))
    assert text.index(old.tracking_number) < text.index(asked.tracking_number)
    assert "3 days" in text


def test_the_own_request_is_not_in_the_own_queue(visitor: Any, world: World) -> None:
    second = user()
    make_grant(second, world.external, world.harbor)
    mine = make_request(world.external_approver, world.end_user, world.harbor)
    assert mine.routed_rule.approver_role == world.external
    assert mine.tracking_number not in text_of(visitor.get(QUEUE))
    assert mine.tracking_number in text_of(world.client(second).get(QUEUE))


def test_people_who_decide_nothing_have_no_queue(world: World, asked: Any) -> None:
    assert world.client(world.assister).get(QUEUE).status_code == 404


def test_the_queue_costs_five_statements(visitor: Any, world: World, asked: Any) -> None:
    visitor.get(QUEUE)
    with statements() as seen:
        visitor.get(QUEUE)
    assert len(seen) == 5, "\n".join(seen)


def test_the_queue_has_pages_of_25(visitor: Any, world: World, asked: Any) -> None:
    for _ in range(25):
        make_request(user(), world.end_user, world.harbor)
    page = visitor.get(QUEUE)
    assert len(page.context["page"].items) == 25
    second = visitor.get(QUEUE + page.context["page"].next_href)
    assert len(second.context["page"].items) == 1
    back = visitor.get(QUEUE + second.context["page"].previous_href)
    assert back.context["page"].items == page.context["page"].items
    assert second.context["page"].next_href == ""
    assert back.context["page"].previous_href == ""


def test_pages_keep_the_search(visitor: Any, world: World, asked: Any) -> None:
    for number in range(30):
        make_request(
            user(last_name="Percent%" if number % 10 else "Other"), world.end_user, world.harbor
        )
    page = visitor.get(f"{QUEUE}?q=percent%25").context["page"]
    rest = visitor.get(QUEUE + page.next_href).context["page"]
    assert {row.last_name for row in (*page.items, *rest.items)} == {"Percent%"}
    assert (len(page.items), len(rest.items)) == (25, 2)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Avery", True),
        ("q=avery+assister", True),
        ("q=harbor", True),
        ("q=nobody", False),
        ("q=ave_y", False),
        ("q=%25", False),
        ("q=" + "avery+" * 6, True),
        ("system=zone", True),
        ("system=elsewhere", True),
        ("q=%27%20OR%201=1--", False),
        ("role=999999", True),
        ("cursor=broken", True),
    ],
)
def test_search_and_filters_narrow_the_queue(
    visitor: Any, asked: Any, query: str, found: bool
) -> None:
    text = text_of(visitor.get(f"{QUEUE}?{query}"))
    assert (asked.tracking_number in text) == found


def test_search_by_tracking_number(visitor: Any, asked: Any) -> None:
    assert asked.tracking_number in text_of(visitor.get(f"{QUEUE}?q={asked.tracking_number}"))


def test_the_header_counts_what_waits(visitor: Any, world: World, asked: Any) -> None:
    assert "Pending Approvals (1)" in text_of(visitor.get("/access/"))
    assert "Pending Approvals" not in text_of(world.client(world.assister).get("/access/"))


def test_the_count_in_the_header_is_capped(
    visitor: Any, world: World, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("access_requests.context.CAP", 1)
    make_request(user(), world.end_user, world.harbor)
    assert "Pending Approvals (1+)" in text_of(visitor.get("/access/"))


def test_a_new_approver_sees_the_queue_at_once_and_a_former_one_no_more(
    world: World, asked: Any
) -> None:
    person = strong(world.stranger)
    visitor = world.client(person)
    assert "Pending Approvals" not in text_of(visitor.get("/access/"))
    wish = make_request(person, world.external, world.harbor)
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        decisions.approve(tracking_number=wish.tracking_number, approver=world.cms_approver)
    assert "Pending Approvals (1)" in text_of(visitor.get("/access/"))
    grant = Grant.objects.get(person=person)
    visitor.post(reverse("access_requests:remove_role", args=[grant.pk]))
    assert "Pending Approvals" not in text_of(visitor.get("/access/"))
    assert visitor.get(url_of(asked)).status_code == 404


def test_the_page_shows_what_an_approver_needs(visitor: Any, world: World, asked: Any) -> None:
    make_grant(world.assister, world.cms)
    text = text_of(visitor.get(url_of(asked)))
    for words in (
        "Avery Assister",
        "A-1234567",
        "Helps consumers in our county.",
        "Other roles held in this system",
        "CMS zONE Approver",
        "Approve",
        "Deny",
        "Return for Information",
    ):
        assert words in text


def test_approve_from_the_page(visitor: Any, world: World, asked: Any) -> None:
    page = visitor.post(
        url_of(asked, "approve"), form_of(visitor, asked, comment="Welcome."), follow=True
    )
    asked.refresh_from_db()
    assert asked.status == Status.APPROVED
    assert "You approved this request" in text_of(page)


def test_the_role_just_given_is_not_among_the_others(visitor: Any, asked: Any) -> None:
    page = visitor.post(url_of(asked, "approve"), form_of(visitor, asked), follow=True)
    assert page.context["others"] == []
    assert "Other roles held in this system None" in text_of(page)


def test_approving_by_the_page_costs_nine_statements(visitor: Any, asked: Any) -> None:
    form = form_of(visitor, asked)
    with statements() as seen:
        response = visitor.post(url_of(asked, "approve"), form)
    assert response.status_code == 302
    assert len(seen) == 9, "\n".join(seen)


def test_deny_from_the_page_needs_a_reason(visitor: Any, asked: Any) -> None:
    page = visitor.post(url_of(asked, "deny"), form_of(visitor, asked))
    assert "Write the reason, so that the requester knows it." in text_of(page)
    asked.refresh_from_db()
    assert asked.status == Status.PENDING
    page = visitor.post(
        url_of(asked, "deny"), form_of(visitor, asked, comment="Not one of ours."), follow=True
    )
    asked.refresh_from_db()
    assert asked.status == Status.DENIED
    assert "Not one of ours." in text_of(page)


def test_return_from_the_page_needs_a_question(visitor: Any, asked: Any) -> None:
    url = url_of(asked, "return_for_information")
    assert "Write your question" in text_of(visitor.post(url, form_of(visitor, asked)))
    visitor.post(url, form_of(visitor, asked, comment="Which county?"))
    asked.refresh_from_db()
    assert asked.status == Status.RETURNED
    assert "waits for the requester" in text_of(visitor.get(url_of(asked)))


def test_a_retry_after_a_lost_answer_shows_the_same_outcome(visitor: Any, asked: Any) -> None:
    form = form_of(visitor, asked)
    first = visitor.post(url_of(asked, "approve"), form, follow=True)
    second = visitor.post(url_of(asked, "approve"), form, follow=True)
    assert first.status_code == second.status_code == 200
    assert "You approved this request" in text_of(second)
    assert Decision.objects.filter(access_request=asked).count() == 1


def test_the_slower_approver_is_told_who_decided(visitor: Any, world: World, asked: Any) -> None:
    second = user(first_name="Quinn", last_name="Quick")
    make_grant(second, world.external, world.harbor)
    form = form_of(visitor, asked)
    decisions.approve(tracking_number=asked.tracking_number, approver=second)
    page = visitor.post(url_of(asked, "approve"), form)
    assert page.status_code == 409
    assert "This request was already decided by Quinn Quick at" in text_of(page)
    assert "Approve" not in text_of(page).replace("Approved", "").replace("Approver", "")


@pytest.mark.parametrize("name", ["deny", "return_for_information"])
def test_a_second_window_is_told_that_nothing_came_of_its_click(
    visitor: Any, asked: Any, name: str
) -> None:
    form = form_of(visitor, asked, comment="Not one of ours.")
    visitor.post(url_of(asked, "approve"), form_of(visitor, asked))
    page = visitor.post(url_of(asked, name), form)
    text = text_of(page)
    assert page.status_code == 409
    assert "This request has been decided already" in text
    assert "What you wrote was not sent" in text
    assert "Not one of ours." in text
    assert "You approved this request" in text


def test_the_approver_reads_who_ended_the_request(visitor: Any, world: World, asked: Any) -> None:
    form = form_of(visitor, asked, comment="Not one of ours.")
    requests.withdraw(tracking_number=asked.tracking_number, requester=world.assister)
    for page in (visitor.post(url_of(asked, "deny"), form), visitor.get(url_of(asked))):
        text = text_of(page)
        assert "The requester canceled it. Nothing is left to decide." in text
        assert "does not wait for a decision now" not in text


def test_the_approver_reads_that_a_request_expired(visitor: Any, asked: Any) -> None:
    asked.close(Status.EXPIRED, at=clock.now())
    asked.save()
    assert "It expired, because nobody decided in time." in text_of(visitor.get(url_of(asked)))


@pytest.mark.parametrize("name", ["approval", "approve", "deny", "return_for_information"])
@pytest.mark.parametrize("who", ["assister", "cms_approver", "owner", "desk", "stranger"])
def test_nobody_else_finds_the_page_or_its_buttons(
    world: World, asked: Any, name: str, who: str
) -> None:
    visitor = world.client(getattr(world, who))
    form = {"revision": 1, "form_key": uuid.uuid4(), "comment": "x"}
    absent = reverse(f"access_requests:{name}", args=["100000001"])
    pages = [
        visitor.get(url) if name == "approval" else visitor.post(url, form)
        for url in (url_of(asked, name), absent)
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert text_of(pages[0]) == text_of(pages[1])
    asked.refresh_from_db()
    assert asked.status == Status.PENDING


@pytest.mark.parametrize("name", ["approve", "deny", "return_for_information"])
def test_buttons_answer_to_post_only(visitor: Any, asked: Any, name: str) -> None:
    assert visitor.get(url_of(asked, name)).status_code == 405


@pytest.mark.parametrize(
    "form", [{}, {"revision": "x", "form_key": "y"}, {"revision": "1", "form_key": "y"}]
)
def test_a_broken_form_decides_nothing(visitor: Any, asked: Any, form: Any) -> None:
    assert visitor.post(url_of(asked, "approve"), form).status_code == 200
    asked.refresh_from_db()
    assert asked.status == Status.PENDING


def test_a_request_changed_meanwhile_is_shown_again(visitor: Any, asked: Any) -> None:
    form = form_of(visitor, asked, comment="Fine.")
    type(asked).objects.filter(pk=asked.pk).update(revision=asked.revision + 1)
    page = visitor.post(url_of(asked, "approve"), form)
    assert page.status_code == 409
    assert "was changed in the meantime" in text_of(page)
    assert "Fine." in page.content.decode()


# --- The role lost with the page open -------------------------------------------------------


def lose_roles(person: Any) -> None:
    for grant in Grant.objects.standing().filter(person=person):
        grants.remove(grant_id=grant.pk, holder=person)


@pytest.mark.parametrize("name", ["approve", "deny", "return_for_information"])
@pytest.mark.parametrize("comment", ["", "Not one of ours."])
def test_who_lost_the_role_with_the_page_open_is_told(
    visitor: Any, world: World, asked: Any, name: str, comment: str
) -> None:
    form = form_of(visitor, asked, comment=comment)
    lose_roles(world.external_approver)
    page = visitor.post(url_of(asked, name), form)
    text = text_of(page)
    assert page.status_code == 409
    assert "This request waits for somebody else" in text
    assert 'href="/access/"' in page.content.decode()
    for secret in (asked.tracking_number, "Avery", "Helps consumers"):
        assert secret not in text
    asked.refresh_from_db()
    assert asked.status == Status.PENDING


def test_who_still_decides_others_is_led_to_the_queue(
    visitor: Any, world: World, asked: Any
) -> None:
    form = form_of(visitor, asked)
    lose_roles(world.external_approver)
    make_grant(world.external_approver, world.external, make_organization())
    page = visitor.post(url_of(asked, "approve"), form)
    assert page.status_code == 409
    assert f'href="{QUEUE}"' in page.content.decode()


@pytest.mark.parametrize("change", ["another number", "another person", "forged", "absent"])
def test_without_that_form_the_request_stays_absent(
    visitor: Any, world: World, asked: Any, change: str
) -> None:
    other = make_request(world.stranger, world.end_user, make_organization())
    form = form_of(visitor, asked)
    lose_roles(world.external_approver)
    poster, target = visitor, asked
    match change:
        case "another number":
            target = other
        case "another person":
            poster = world.client(world.stranger)
        case "forged":
            form["seen"] = form["seen"][:-1] + "x"
        case "absent":
            del form["seen"]
    page = poster.post(url_of(target, "approve"), form)
    absent = poster.post(reverse("access_requests:approve", args=["100000001"]), form)
    assert (page.status_code, absent.status_code) == (404, 404)
    assert text_of(page) == text_of(absent)


def test_the_form_proves_nothing_for_longer_than_a_session_lasts(
    visitor: Any, world: World, asked: Any
) -> None:
    word, number = form_of(visitor, asked)["seen"], asked.tracking_number
    assert seen.is_proven(word, world.external_approver, number)
    with time_machine.travel(clock.now() + settings.SESSION_ABSOLUTE_LIMIT + dt.timedelta(hours=1)):
        assert not seen.is_proven(word, world.external_approver, number)
