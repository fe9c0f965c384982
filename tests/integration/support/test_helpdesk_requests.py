"""What a help desk sees of a request: how it stands, and never what was written in it."""

import datetime as dt
from typing import Any

import pytest

import clock
from access_requests import presentation
from access_requests.models import AccessRequest
from access_requests.models.requests import Court, Status
from access_requests.services import decisions
from accounts.assurance import Strength
from accounts.models import PortalSession
from tests import cast
from tests.factories.access_requests import make_grant, make_request
from tests.factories.organizations import make_organization
from tests.integration.support.helpdesk import (
    WHY,
    Desks,
    opened,
    page_of,
    recorded,
    strong_client,
    text_of,
)

WRITTEN = "Helps consumers in our county."


@pytest.fixture
def asked(desks: Desks) -> Any:
    """A request of somebody whom both help desks serve, which an approver decides."""
    harbor = make_organization("Harbor Community Health")
    make_grant(cast.external_approver(), desks.roles["external-approver"], harbor)
    return make_request(
        cast.end_user(), desks.roles["end-user"], harbor, age=dt.timedelta(days=3), reason=WRITTEN
    )


@pytest.mark.parametrize("who", ["agent", "portal_agent"])
@pytest.mark.parametrize("strength", [Strength.STRONG, Strength.WEAK])
def test_agents_read_no_request_by_its_number(
    desks: Desks, asked: Any, who: str, strength: Strength
) -> None:
    client = strong_client(getattr(desks, who))
    PortalSession.objects.update(strength=strength)
    page = client.get(asked.get_absolute_url())
    assert page.status_code == 404
    assert text_of(page) == text_of(client.get("/requests/100000001/"))


def test_a_request_that_the_portal_help_desk_decides_is_its_own(desks: Desks, asked: Any) -> None:
    AccessRequest.objects.filter(pk=asked.pk).update(court=Court.HELP_DESK, routed_rule=None)
    assert strong_client(desks.portal_agent).get(asked.get_absolute_url()).status_code == 200
    assert strong_client(desks.agent).get(asked.get_absolute_url()).status_code == 404


def test_auditors_still_read_every_request_when_strong(desks: Desks, asked: Any) -> None:
    client = strong_client(cast.auditor())
    assert client.get(asked.get_absolute_url()).status_code == 200
    PortalSession.objects.update(strength=Strength.WEAK)
    assert client.get(asked.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["agent", "portal_agent"])
def test_an_opened_account_shows_how_a_request_stands(desks: Desks, asked: Any, who: str) -> None:
    agent, person = getattr(desks, who), asked.requester
    client = strong_client(agent)
    assert asked.tracking_number not in text_of(client.get(page_of(person)))
    client.post(page_of(person), WHY)
    text = text_of(client.get(page_of(person)))
    assert f"{asked.tracking_number}: zONE, zONE End User. Pending" in text
    submitted = presentation.day(asked.submitted_at)
    assert f"Since {submitted}, submitted on {submitted}." in text
    assert "Who acts now: zONE External Approver of the same organization (Harbor" in text
    assert WRITTEN not in text
    assert [entry.reason for entry in recorded("help_desk:open")] == ["Cannot log in (CALL-77)"]


def test_a_question_and_a_comment_are_not_shown(desks: Desks, asked: Any) -> None:
    approver = type(desks.agent).objects.get(user_id="approver.external")
    decisions.return_for_information(
        tracking_number=asked.tracking_number, approver=approver, question="Which county?"
    )
    opened(desks.agent, asked.requester)
    client = strong_client(desks.agent)
    text = text_of(client.get(page_of(asked.requester)))
    assert "Returned for information" in text
    assert "Who acts now: The requester, who was asked a question" in text
    for hidden in ("Which county?", approver.last_name + ",", WRITTEN):
        assert hidden not in text


def test_an_ended_request_is_shown_as_long_as_it_concerns_the_desk(
    desks: Desks, asked: Any, settings: Any
) -> None:
    ended = clock.now() - dt.timedelta(days=settings.HELP_DESK_REQUEST_DAYS - 1)
    asked.close(Status.WITHDRAWN, at=ended)
    asked.save()
    make_grant(asked.requester, desks.roles["end-user"])
    opened(desks.agent, asked.requester)
    client = strong_client(desks.agent)
    assert f"{asked.tracking_number}: zONE, zONE End User. Canceled" in text_of(
        client.get(page_of(asked.requester))
    )
    AccessRequest.objects.filter(pk=asked.pk).update(closed_at=ended - dt.timedelta(days=2))
    assert asked.tracking_number not in text_of(client.get(page_of(asked.requester)))


def test_a_search_names_whom_it_found_on_the_page_that_asks_for_the_reason(
    desks: Desks, asked: Any
) -> None:
    client, person = strong_client(desks.agent), asked.requester
    assert person.user_id not in text_of(client.get(page_of(person)))
    client.post("/helpdesk/", {"q": asked.tracking_number, **WHY})
    assert f"Open account {person.user_id}" in text_of(client.get(page_of(person)))
