"""View and Manage My Access, removing a role, and the welcome page."""

import re
from typing import Any

import pytest
from django.urls import reverse

from access_requests.models import Grant
from access_requests.services import requests
from notifications.models import OutboxMessage
from tests.factories.access_requests import make_draft, make_grant, make_request
from tests.factories.accounts import strong
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import statements

ACCESS = "/access/"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def url_of(grant: Grant) -> str:
    return reverse("access_requests:remove_role", args=[grant.pk])


@pytest.fixture
def visitor(world: World) -> Any:
    return world.client(world.assister)


def test_without_anything_the_page_leads_to_the_catalog(visitor: Any) -> None:
    page = visitor.get(ACCESS)
    text = text_of(page)
    assert "View and Manage My Access" in text
    assert "You hold no role yet" in text
    assert 'href="/catalog/"' in page.content.decode()


def test_roles_requests_drafts_and_history_are_shown(visitor: Any, world: World) -> None:
    grant = make_grant(world.assister, world.end_user, world.harbor)
    pending = make_request(world.assister, world.cms)
    canceled = make_request(world.assister, world.external, world.harbor)
    requests.withdraw(tracking_number=canceled.tracking_number, requester=world.assister)
    make_draft(world.assister, world.owner_role)
    text = text_of(visitor.get(ACCESS))
    for words in (
        "zONE End User",
        "Harbor Community Health",
        "Remove Role",
        pending.tracking_number,
        "Cancel Request",
        "Portal help desk",
        canceled.tracking_number,
        "Canceled",
        "Not submitted yet",
        str(grant.certify_by.year),
    ):
        assert words in text


def test_my_access_costs_three_statements_for_most_people(visitor: Any, world: World) -> None:
    make_grant(world.assister, world.end_user, world.harbor)
    make_request(world.assister, world.cms)
    visitor.get(ACCESS)
    with statements() as seen:
        visitor.get(ACCESS)
    assert len(seen) == 3, "\n".join(seen)


def test_nothing_of_other_people_is_shown(visitor: Any, world: World) -> None:
    foreign = make_request(world.stranger, world.end_user, world.harbor)
    make_grant(world.stranger, world.cms)
    text = text_of(visitor.get(ACCESS))
    assert foreign.tracking_number not in text
    assert "CMS zONE Approver" not in text


def test_removing_a_role_asks_first(visitor: Any, world: World) -> None:
    grant = make_grant(world.assister, world.end_user, world.harbor)
    assert "Remove Role" in text_of(visitor.get(url_of(grant)))
    assert Grant.objects.standing().filter(pk=grant.pk).exists()
    page = visitor.post(url_of(grant), follow=True)
    assert "You gave back the role zONE End User in" in text_of(page)
    grant.refresh_from_db()
    assert grant.end_reason == Grant.EndReason.REMOVED
    assert OutboxMessage.objects.get().name == "grant_removed"
    assert "Removed by the holder" in text_of(visitor.get(ACCESS))


def test_removing_twice_is_removing_once(visitor: Any, world: World) -> None:
    grant = make_grant(world.assister, world.end_user, world.harbor)
    responses = [visitor.post(url_of(grant)) for _ in range(2)]
    assert [response.url for response in responses] == [ACCESS, ACCESS]
    assert OutboxMessage.objects.count() == 1


def test_a_role_of_somebody_else_is_not_found(visitor: Any, world: World) -> None:
    foreign = make_grant(world.stranger, world.end_user, world.harbor)
    for response in (
        visitor.get(url_of(foreign)),
        visitor.post(url_of(foreign)),
        visitor.get("/access/999999999999999999999/remove/"),
    ):
        assert response.status_code == 404
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_the_last_approver_is_warned(world: World) -> None:
    make_request(world.assister, world.cms)
    _ = world.external_approver, world.cms_approver
    make_request(world.assister, world.end_user, world.harbor)
    grant = Grant.objects.get(person=world.external_approver)
    text = text_of(world.client(world.external_approver).get(url_of(grant)))
    assert "You are the last one" in text
    assert "1 request that waits for you" in text


def test_the_welcome_page_leads_a_newcomer_to_the_catalog(visitor: Any) -> None:
    page = visitor.get("/welcome/")
    text = text_of(page)
    assert "Welcome to CMS Enterprise Portal" in text
    assert "First steps" in text
    assert re.search(r'href="/catalog/"[^>]*>\s*Request Access Now', page.content.decode())


def test_the_welcome_page_counts(visitor: Any, world: World) -> None:
    make_grant(world.assister, world.end_user, world.harbor)
    make_request(world.assister, world.cms)
    text = text_of(visitor.get("/welcome/"))
    assert "You hold 1 role." in text
    assert "1 request waits for a decision." in text
    assert "First steps" not in text


def test_the_welcome_page_costs_four_statements_for_an_approver(world: World) -> None:
    visitor = world.client(world.external_approver)
    visitor.get("/welcome/")
    with statements() as seen:
        visitor.get("/welcome/")
    assert len(seen) == 4, "\n".join(seen)


def test_the_welcome_page_costs_two_statements_for_most_people(visitor: Any) -> None:
    visitor.get("/welcome/")
    with statements() as seen:
        visitor.get("/welcome/")
    assert len(seen) == 2, "\n".join(seen)


@pytest.mark.parametrize("has_mfa", [False, True])
def test_a_role_that_demands_two_factors_waits_for_a_device(world: World, has_mfa: bool) -> None:
    world.end_user.required_aal = 2
    world.end_user.save()
    make_grant(world.assister, world.end_user, world.harbor)
    if has_mfa:
        strong(world.assister)
    page = world.client(world.assister).get("/access/").content.decode()
    assert ("Waiting for an MFA device" in page) is not has_mfa
