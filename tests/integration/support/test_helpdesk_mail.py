"""Failed mail: seen by the help desk of the portal, masked, and sent again by it alone."""

from typing import Any

import pytest

from accounts.models import User
from accounts.services import proofing_cases
from notifications.models import OutboxMessage
from notifications.outbox import Mail, enqueue
from portal import groups
from tests.integration.support.helpdesk import (
    Desks,
    opened,
    page_of,
    recorded,
    strong_client,
    text_of,
)

PAGE = "/helpdesk/mail/"


def _failed(person: User) -> OutboxMessage:
    enqueue([Mail("account_activated", person.email, {"user_id": person.user_id}, person)])
    mail = OutboxMessage.objects.latest("pk")
    mail.status = OutboxMessage.Status.FAILED
    mail.last_error = f"550 <{person.email}> no such mailbox"
    mail.save()
    return mail


@pytest.fixture
def visitor(desks: Desks) -> Any:
    """The help desk of the portal, with the rights its group has."""
    agent = desks.portal_agent
    groups.set_up()
    return strong_client(User.objects.get(pk=agent.pk))


def test_an_application_agent_and_others_have_no_such_page(desks: Desks) -> None:
    for person in (desks.agent, desks.person):
        client = strong_client(person)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"mails": ["1"]}).status_code == 404


def test_failed_mails_are_shown_masked(desks: Desks, visitor: Any) -> None:
    mail = _failed(desks.person)
    text = text_of(visitor.get(PAGE))
    assert mail.subject in text
    assert "no such mailbox" in text
    assert desks.person.email not in text


def test_no_number_leads_from_a_failed_mail_to_somebody(desks: Desks, visitor: Any) -> None:
    case = proofing_cases.open_by_choice(user=desks.person, by_phone=True)
    OutboxMessage.objects.update(status=OutboxMessage.Status.FAILED)
    text = text_of(visitor.get(PAGE))
    assert "Your identity check goes on" in text
    assert case.reference not in text
    opened(desks.agent, desks.person)
    assert case.reference in text_of(strong_client(desks.agent).get(page_of(desks.person)))


def test_the_chosen_mail_is_tried_again_and_recorded(desks: Desks, visitor: Any) -> None:
    first, second = _failed(desks.person), _failed(desks.outsider)
    assert visitor.post(PAGE, {"mails": [first.pk]})["Location"] == PAGE
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == OutboxMessage.Status.QUEUED
    assert second.status == OutboxMessage.Status.FAILED
    assert [entry.actor_id for entry in recorded("mail:retry")] == [desks.portal_agent.pk]


def test_nothing_chosen_and_a_mail_that_did_not_fail_change_nothing(
    desks: Desks, visitor: Any
) -> None:
    enqueue([Mail("account_activated", desks.person.email, {"user_id": "x"}, desks.person)])
    waiting = OutboxMessage.objects.latest("pk")
    _failed(desks.outsider)
    for typed in ({}, {"mails": [waiting.pk]}, {"mails": ["abc"]}):
        assert "Please correct the following" in text_of(visitor.post(PAGE, typed))
    assert recorded("mail:retry") == []


def test_nothing_failed_says_so(visitor: Any) -> None:
    assert "Every mail has left" in text_of(visitor.get(PAGE))


def test_an_agent_sees_that_mail_does_not_reach_the_caller(desks: Desks) -> None:
    _failed(desks.person)
    opened(desks.agent, desks.person)
    html = strong_client(desks.agent).get(page_of(desks.person)).content.decode()
    assert "Mail that could not be delivered" in html
    assert desks.person.email not in html
