"""Application Search and Enterprise Search: who may look for whom, and what it leaves behind."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.text import slugify
from guardian.shortcuts import assign_perm

import clock
from access_requests.models.requests import Status
from accounts.assurance import Strength
from accounts.models import PortalSession
from tests import cast
from tests.factories.access_requests import make_request
from tests.factories.accounts import user
from tests.factories.catalog import make_system
from tests.integration.support.helpdesk import (
    WHY,
    Desks,
    page_of,
    recorded,
    strong_client,
    text_of,
    without_device,
)

HERE, EVERYWHERE = "/helpdesk/", "/helpdesk/enterprise/"


def _search(client: Any, wanted: str, where: str = HERE, **fields: str) -> str:
    response = client.post(where, {"q": wanted, **WHY, **fields})
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("where", [HERE, EVERYWHERE])
@pytest.mark.parametrize(
    "who", [cast.assister, cast.auditor, cast.administrator, cast.business_owner]
)
def test_for_others_there_is_no_console(db: None, who: Any, where: str) -> None:
    client = strong_client(who())
    assert client.get(where).status_code == 404
    assert client.post(where, {"q": "avery", **WHY}).status_code == 404


def test_visitors_are_led_to_the_sign_in(client: Any, db: None) -> None:
    response = client.get(HERE)
    assert response.status_code == 302
    assert reverse("accounts:login") in response["Location"]


def test_an_agent_without_a_strong_factor_is_told_what_to_do(desks: Desks) -> None:
    client = cast.client_of(without_device(desks.agent))
    PortalSession.objects.update(strength=Strength.WEAK)
    response = client.get(HERE)
    assert response.status_code == 403
    assert "Manage MFA Devices" in text_of(response)


def test_an_agent_with_a_strong_factor_is_asked_for_it(desks: Desks) -> None:
    client = cast.client_of(desks.agent)
    PortalSession.objects.update(strength=Strength.WEAK)
    type(desks.agent).objects.filter(pk=desks.agent.pk).update(has_mfa=True, has_strong_factor=True)
    response = client.get(HERE)
    assert response.status_code == 302
    assert reverse("accounts:step_up") in response["Location"]


def test_an_application_agent_has_application_search_only(desks: Desks) -> None:
    client = strong_client(desks.agent)
    text = text_of(client.get(HERE))
    assert "Application Search" in text
    assert "Enterprise Search" not in text
    assert client.get(EVERYWHERE).status_code == 404
    assert client.post(EVERYWHERE, {"q": "sam", **WHY}).status_code == 404


def test_a_portal_agent_has_both(desks: Desks) -> None:
    client = strong_client(desks.portal_agent)
    text = text_of(client.get(HERE))
    assert "Application Search" in text
    assert "Enterprise Search" in text
    assert client.get(EVERYWHERE).status_code == 200


def test_application_search_finds_the_own_people_only(desks: Desks) -> None:
    client = strong_client(desks.agent)
    assert page_of(desks.person) in _search(client, desks.person.user_id)
    assert page_of(desks.outsider) not in _search(client, desks.outsider.user_id)
    assert "Nobody fits" in _search(client, desks.outsider.user_id)


def test_a_request_makes_somebody_findable_until_long_after_its_end(desks: Desks) -> None:
    client, asking = strong_client(desks.agent), user("asking.ash")
    asked = make_request(asking, desks.roles["end-user"])
    assert page_of(asking) in _search(client, "asking.ash")
    asked.close(Status.WITHDRAWN, at=clock.now() - dt.timedelta(days=89))
    asked.save()
    assert page_of(asking) in _search(client, "asking.ash")
    asked.closed_at = clock.now() - dt.timedelta(days=91)
    asked.save()
    assert page_of(asking) not in _search(client, "asking.ash")


@pytest.mark.parametrize("through_group", [False, True])
def test_the_permission_on_a_system_makes_an_agent(desks: Desks, through_group: bool) -> None:
    helper, system = user("named.helper"), desks.roles["end-user"].system
    holder: Any = helper
    if through_group:
        holder = Group.objects.create(name="Helpers of zONE")
        helper.groups.add(holder)
    assign_perm("support_users", holder, system)
    client = strong_client(helper)
    assert page_of(desks.person) in _search(client, desks.person.user_id)
    assert page_of(desks.outsider) not in _search(client, desks.outsider.user_id)


def test_enterprise_search_finds_everybody(desks: Desks) -> None:
    client = strong_client(desks.portal_agent)
    nobody_yet = user("fresh.face")
    assert page_of(nobody_yet) in _search(client, "fresh.face", EVERYWHERE)
    assert page_of(nobody_yet) not in _search(client, "fresh.face")


@pytest.mark.parametrize(
    "wanted",
    [
        "assister.avery",
        "Assister.A",
        "avery",
        "Avery Assister",
        "ASSISTER.AVERY@people.example",
        "(410) 555-0142",
        "4105550142",
    ],
)
def test_each_way_of_searching_finds_the_person(desks: Desks, wanted: str) -> None:
    client = strong_client(desks.agent)
    assert page_of(desks.person) in _search(client, wanted)


def test_a_tracking_number_finds_its_requester(desks: Desks) -> None:
    client = strong_client(desks.agent)
    asked = make_request(user("asking.ash"), desks.roles["end-user"])
    assert page_of(asked.requester) in _search(client, asked.tracking_number)


def test_a_tracking_number_of_another_system_finds_nobody(desks: Desks) -> None:
    client = strong_client(desks.agent)
    elsewhere = make_request(
        user("asking.ash"), desks.outsider.grants.select_related("role__system").get().role
    )
    assert page_of(elsewhere.requester) not in _search(client, elsewhere.tracking_number)


def test_one_application_narrows_the_search(desks: Desks) -> None:
    client = strong_client(desks.portal_agent)
    zone = str(desks.roles["end-user"].system_id)
    assert page_of(desks.person) in _search(client, "avery", system=zone)
    assert page_of(desks.outsider) not in _search(client, "stranger", system=zone)
    assert page_of(desks.outsider) in _search(client, "stranger")


def test_applications_of_the_same_short_name_can_be_told_apart(desks: Desks) -> None:
    for name in ("Managed Hearings", "Metadata Hub"):
        make_system("MH", slug=slugify(name), name=name)

    html = strong_client(desks.portal_agent).get(HERE).content.decode()

    for words in ("MH (Managed Hearings)", "MH (Metadata Hub)"):
        assert f">{words}</option>" in html


def test_the_application_of_another_desk_is_no_choice(desks: Desks) -> None:
    client = strong_client(desks.agent)
    elsewhere = desks.outsider.grants.get().role.system_id
    html = _search(client, "stranger", system=str(elsewhere))
    assert page_of(desks.outsider) not in html
    assert "Select a valid choice" in html


@pytest.mark.parametrize("missing", ["q", "reason", "reference"])
def test_nothing_is_found_without_a_reason(desks: Desks, missing: str) -> None:
    client = strong_client(desks.agent)
    typed = {"q": desks.person.user_id, **WHY, missing: " "}
    html = client.post(HERE, typed).content.decode()
    assert page_of(desks.person) not in html
    assert recorded("help_desk:search") == []


@pytest.mark.parametrize("wanted", ["123-45-6789", "123 45 6789", "ab"])
def test_what_cannot_be_searched_for(desks: Desks, wanted: str) -> None:
    client = strong_client(desks.agent)
    assert "Please correct the following" in _search(client, wanted)
    assert recorded("help_desk:search") == []


def test_a_search_is_recorded_with_its_reason_and_what_it_found(desks: Desks) -> None:
    client = strong_client(desks.agent)
    _search(client, desks.person.user_id)
    (entry,) = recorded("help_desk:search")
    assert entry.actor_id == desks.agent.pk
    assert entry.reason == "Cannot log in (CALL-77)"
    assert entry.after is not None
    assert entry.after["found"] == [desks.person.user_id]


def test_results_are_masked(desks: Desks) -> None:
    client = strong_client(desks.agent)
    html = _search(client, desks.person.user_id)
    assert desks.person.email not in html
    assert desks.person.phone not in html


def test_results_stop_at_25_and_say_so(desks: Desks) -> None:
    client = strong_client(desks.portal_agent)
    for number in range(26):
        user(f"many.{number}")
    html = _search(client, "many.", EVERYWHERE)
    assert html.count('href="/helpdesk/people/') == 25
    assert "More people fit" in html


def test_a_search_costs_the_same_whatever_it_finds(
    desks: Desks, django_assert_num_queries: Any
) -> None:
    client = strong_client(desks.agent)
    _ = desks.person
    _search(client, "assister")
    with django_assert_num_queries(13):
        _search(client, "assister")
