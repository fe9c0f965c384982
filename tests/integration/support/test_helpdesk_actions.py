"""What an agent does to an account: for verified callers only, with a reason, recorded, told."""

import datetime as dt

import pytest
from django.urls import reverse

import clock
from accounts.models import PortalSession, SecurityCode
from accounts.services import sign_in, throttle
from support.models import Contact, Proposal
from support.reasons import Reason
from support.services import helpdesk_actions as actions
from tests import cast
from tests.integration.support.acting import BY_CODE, BY_JUDGEMENT, WHY, act, lock, refused
from tests.integration.support.helpdesk import (
    Desks,
    action_of,
    device,
    opened,
    page_of,
    recorded,
    strong_client,
    subjects,
    text_of,
)

PLAIN = ("unlock", "suspend", "one-time-code", "reset-devices")


@pytest.mark.parametrize("action", PLAIN)
def test_nothing_happens_before_the_caller_is_verified(desks: Desks, action: str) -> None:
    device(desks.person)
    opened(desks.agent, desks.person)
    client = strong_client(desks.agent)
    for answer in (
        client.get(action_of(desks.person, action)),
        client.post(action_of(desks.person, action), WHY),
    ):
        assert answer.status_code == 302
        assert answer["Location"] == page_of(desks.person)
    assert "Verify the caller first" in text_of(client.get(page_of(desks.person)))
    desks.person.refresh_from_db()
    assert desks.person.is_active
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("action", PLAIN)
def test_a_verification_lasts_fifteen_minutes(desks: Desks, action: str) -> None:
    device(desks.person)
    contact = opened(desks.agent, desks.person, way=BY_CODE)
    client = strong_client(desks.agent)
    assert client.get(action_of(desks.person, action)).status_code == 200
    Contact.objects.filter(pk=contact.pk).update(verified_at=clock.now() - dt.timedelta(minutes=15))
    assert client.get(action_of(desks.person, action)).status_code == 302


@pytest.mark.parametrize("action", PLAIN)
def test_every_action_needs_a_reason(desks: Desks, action: str) -> None:
    device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    answer = act(desks, action, reason="  ")
    assert "Please correct the following" in text_of(answer)
    desks.person.refresh_from_db()
    assert desks.person.is_active
    assert SecurityCode.objects.count() == 0


@pytest.mark.parametrize("action", PLAIN)
def test_an_old_sign_in_is_asked_for_again(desks: Desks, action: str) -> None:
    device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    client = strong_client(desks.agent)
    PortalSession.objects.filter(user=desks.agent).update(
        verified_at=clock.now() - dt.timedelta(minutes=6)
    )
    answer = client.post(action_of(desks.person, action), WHY)
    assert answer.status_code == 302
    assert reverse("accounts:step_up") in answer["Location"]
    desks.person.refresh_from_db()
    assert desks.person.is_active


def test_the_verification_of_one_agent_opens_nothing_for_another(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    opened(desks.colleague, desks.person)
    assert (
        refused(
            lambda: actions.suspend(
                agent=desks.colleague, person_id=desks.person.pk, reason="Why not"
            )
        )
        == Reason.NOT_VERIFIED
    )


def test_an_unknown_action_and_one_without_sense_are_absent(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    client = strong_client(desks.agent)
    for action in ("delete", "unsuspend", "remove-device", "close-case", "phone-proofing"):
        assert client.get(action_of(desks.person, action)).status_code == 404


def test_an_agent_who_lost_the_role_does_nothing_more(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    client = strong_client(desks.agent)
    from access_requests.services import permissions

    grant = desks.agent.grants.get()
    grant.end(at=clock.now(), reason=type(grant).EndReason.REVOKED, by=None)
    grant.save()
    permissions.remove_for(grant)
    assert client.post(action_of(desks.person, "suspend"), WHY).status_code == 404


def test_unlock_lets_the_person_in_at_once(desks: Desks) -> None:
    lock(desks.person)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    client = strong_client(desks.agent)
    assert "locked until" in text_of(client.get(page_of(desks.person)))
    answer = client.post(action_of(desks.person, "unlock"), WHY)
    assert answer["Location"] == page_of(desks.person)
    assert "locked until" not in text_of(client.get(page_of(desks.person)))
    assert throttle.is_allowed(sign_in.account_bucket(desks.person.user_id, None))
    (entry,) = recorded("account:unlock")
    assert entry.reason == "Lost the phone (CALL-77)"
    assert subjects(desks.person)[-1] == "Your account was unlocked"


def test_suspend_and_unsuspend(desks: Desks) -> None:
    owner = cast.client_of(desks.person)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    act(desks, "suspend")
    assert owner.get(reverse("accounts:profile")).status_code == 302
    client = strong_client(desks.agent)
    assert "Suspended" in text_of(client.get(page_of(desks.person)))
    client.post(action_of(desks.person, "unsuspend"), WHY)
    desks.person.refresh_from_db()
    assert desks.person.is_active
    assert subjects(desks.person)[-2:] == [
        "Your account was suspended",
        "Your account is open again",
    ]
    assert [entry.actor_id for entry in recorded("account:suspend")] == [desks.agent.pk]
