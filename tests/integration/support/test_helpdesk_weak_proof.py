"""A weak session or device does not help a strong factor to fall: there a day has to pass."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts import sealing
from accounts.assurance import Strength
from accounts.models import PortalSession, SecurityCode, User
from accounts.verdicts import Refusal
from support.models import CallerCode, Contact
from support.reasons import Reason
from support.services import caller_codes
from support.services import helpdesk_actions as actions
from support.services import helpdesk_contacts as contacts
from support.services import helpdesk_resets as resets
from support.services import helpdesk_sending as sending
from tests import cast
from tests.integration.support.acting import refused
from tests.integration.support.helpdesk import (
    Desks,
    device,
    opened,
    page_of,
    recorded,
    strong_client,
    text_of,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(hours=24)


def _read_from_the_portal(desks: Desks, person: User, strength: Strength) -> Contact:
    """The caller reads the code off the page, in a session of this strength."""
    person.session_strength = strength
    caller_codes.make(person=person)
    shown = caller_codes.shown_to(person)
    assert shown is not None
    opened(desks.agent, person)
    assert contacts.verify(agent=desks.agent, person_id=person.pk, code=shown[0])
    return Contact.objects.get(person=person)


def _proposed_wait(desks: Desks, person: User) -> dt.timedelta:
    proposal = resets.propose(agent=desks.agent, person_id=person.pk, reason="Lost the phone")
    return proposal.not_before - proposal.proposed_at


def _approver(desks: Desks) -> User:
    """Somebody whose work demands the app they hold."""
    device(desks.approver, "app_phone")
    assert desks.approver.has_strong_factor
    return desks.approver


def _ways_in(desks: Desks, person: User) -> list[Any]:
    why: dict[str, Any] = {"agent": desks.agent, "person_id": person.pk, "reason": "Lost it"}
    return [
        lambda: actions.issue_code(**why),
        lambda: actions.change_email(email="other@people.example", **why),
    ]


@pytest.mark.parametrize("strength", [Strength.NONE, Strength.WEAK])
def test_a_code_of_a_weak_session_waits_a_day_and_gives_no_way_in(
    desks: Desks, strength: Strength
) -> None:
    person = _approver(desks)
    contact = _read_from_the_portal(desks, person, strength)

    assert contact.strength == strength
    for way_in in _ways_in(desks, person):
        assert refused(way_in) == Reason.PROVEN_WEAKLY
    assert not SecurityCode.objects.exists()
    assert _proposed_wait(desks, person) == DAY
    page = text_of(strong_client(desks.agent).get(page_of(person)))
    assert "too weak for this account" in page


def test_a_code_sent_to_the_mailbox_waits_a_day_too(desks: Desks) -> None:
    person = _approver(desks)
    mailed = device(person, "email")
    opened(desks.agent, person)
    sending.send_code(agent=desks.agent, person_id=person.pk, device_id=mailed.pk)
    code = CallerCode.objects.get(contact__isnull=False)
    typed = sealing.code_of(code.nonce)
    assert contacts.verify(agent=desks.agent, person_id=person.pk, code=typed)

    assert _proposed_wait(desks, person) == DAY
    assert recorded("help_desk:verify")[-1].after == {"way": "device_code", "strength": "weak"}


def test_a_code_of_a_strong_session_does_not_wait(desks: Desks) -> None:
    person = _approver(desks)
    contact = _read_from_the_portal(desks, person, Strength.STRONG)

    assert contact.strength == Strength.STRONG
    assert actions.issue_code(agent=desks.agent, person_id=person.pk, reason="Lost it")
    assert _proposed_wait(desks, person) == dt.timedelta()


def test_people_whose_work_demands_no_app_are_helped_at_once(desks: Desks) -> None:
    device(desks.person, "app_phone")
    _read_from_the_portal(desks, desks.person, Strength.WEAK)

    assert actions.issue_code(agent=desks.agent, person_id=desks.person.pk, reason="Lost it")


def test_a_weak_session_does_not_show_the_code_of_a_strong_one(desks: Desks) -> None:
    person = _approver(desks)
    person.session_strength = Strength.STRONG
    caller_codes.make(person=person)
    assert caller_codes.shown_to(person) is not None

    person.session_strength = Strength.WEAK

    assert caller_codes.shown_to(person) is None


def test_the_page_says_what_a_weak_sign_in_means(desks: Desks) -> None:
    person = _approver(desks)
    client = cast.client_of(person)
    address = reverse("support:helpdesk_code")
    PortalSession.objects.filter(user=person).update(strength=Strength.WEAK)
    client.post(address)
    assert "waits a day" in text_of(client.get(address))
    assert CallerCode.objects.get().strength == Strength.WEAK
    PortalSession.objects.filter(user=person).update(strength=Strength.STRONG)
    client.post(address)
    assert "waits a day" not in text_of(client.get(address))


def test_nothing_is_given_where_nothing_was_read(desks: Desks) -> None:
    person = _approver(desks)
    opened(desks.agent, person, way="photo_id", strength=Strength.NONE)
    with pytest.raises(Refusal) as caught:
        actions.issue_code(agent=desks.agent, person_id=person.pk, reason="Lost it")
    assert caught.value.reason == Reason.NOT_PROVEN
