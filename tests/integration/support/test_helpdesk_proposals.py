"""Removing all devices of somebody: one agent proposes, a second one carries it out."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

import clock
from accounts.models import MFADevice, User
from accounts.verdicts import Refusal
from support.models import Proposal
from support.reasons import Reason
from support.services import helpdesk_resets as resets
from tests.integration.support.acting import BY_CODE, BY_JUDGEMENT, frozen, refused
from tests.integration.support.helpdesk import (
    Desks,
    device,
    make_desks,
    opened,
    recorded,
    strong_client,
    subjects,
    text_of,
)

SEEN = "Asked the manager"


def _propose(desks: Desks, way: str = BY_CODE) -> Proposal:
    device(desks.person, "app_phone")
    opened(desks.agent, desks.person, way=way)
    return resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Lost everything")


def _decide(agent: User, proposal: Proposal, decision: str, **typed: str) -> Any:
    address = reverse("support:helpdesk_proposal", args=[proposal.pk])
    return strong_client(agent).post(address, {"decision": decision, **typed})


def test_a_second_agent_carries_it_out(desks: Desks) -> None:
    proposal = _propose(desks)
    listed = reverse("support:helpdesk_proposals")
    row = text_of(strong_client(desks.colleague).get(listed))
    assert "as\N{BULLET}" in row
    assert "assister.avery" not in row
    _decide(desks.colleague, proposal, "confirm")
    proposal.refresh_from_db()
    assert proposal.state == "open"  # a reason of one's own is asked for
    _decide(desks.colleague, proposal, "confirm", reason=SEEN)
    proposal.refresh_from_db()
    desks.person.refresh_from_db()
    assert (proposal.state, proposal.decided_by_id) == ("done", desks.colleague.pk)
    assert not desks.person.has_mfa
    assert len(recorded("help_desk:propose_reset")) == 1
    (entry,) = recorded("help_desk:confirm_reset")
    assert entry.reason == "Asked the manager (CALL-77)"
    assert subjects(desks.person)[-2:] == [
        "Your MFA devices are to be removed",
        "An MFA device was removed from your account",
    ]
    assert "Nothing waits" in text_of(strong_client(desks.colleague).get(listed))


def test_looking_at_a_proposal_is_recorded(desks: Desks) -> None:
    proposal = _propose(desks)
    page = strong_client(desks.colleague).get(
        reverse("support:helpdesk_proposal", args=[proposal.pk])
    )
    assert "Second factor behind the code An authenticator app" in text_of(page)
    (entry,) = recorded("help_desk:see_proposal")
    assert (entry.actor_id, entry.target_id) == (desks.colleague.pk, str(desks.person.pk))


def test_the_first_agent_cannot_confirm(desks: Desks) -> None:
    proposal = _propose(desks)
    assert _decide(desks.agent, proposal, "confirm", reason=SEEN).status_code == 409
    assert (
        refused(lambda: resets.confirm(agent=desks.agent, proposal_id=proposal.pk, reason=SEEN))
        == Reason.OWN_PROPOSAL
    )
    desks.person.refresh_from_db()
    assert desks.person.has_mfa


def test_a_caller_without_code_waits_a_day(desks: Desks) -> None:
    proposal = _propose(desks, way=BY_JUDGEMENT)
    assert (
        refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk, reason=SEEN))
        == Reason.TOO_EARLY
    )
    Proposal.objects.filter(pk=proposal.pk).update(not_before=clock.now())
    resets.confirm(agent=desks.colleague, proposal_id=proposal.pk, reason=SEEN)
    desks.person.refresh_from_db()
    assert not desks.person.has_mfa


def test_a_day_is_what_the_proposal_says(desks: Desks) -> None:
    proposal = _propose(desks, way=BY_JUDGEMENT)
    assert proposal.not_before - proposal.proposed_at == dt.timedelta(hours=24)
    assert _propose_again(desks) == Reason.PROPOSED_ALREADY


def _propose_again(desks: Desks) -> str | None:
    return refused(
        lambda: resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Again")
    )


def test_somebody_who_objects_stops_it(desks: Desks) -> None:
    proposal = _propose(desks)
    frozen(desks.person)
    assert (
        refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk, reason=SEEN))
        == Reason.PROPOSAL_OVER
    )
    assert MFADevice.objects.filter(user=desks.person).exists()


def test_a_proposal_expires_and_makes_room_for_a_new_one(desks: Desks) -> None:
    proposal = _propose(desks)
    Proposal.objects.filter(pk=proposal.pk).update(expires_at=clock.now())
    assert (
        refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk, reason=SEEN))
        == Reason.PROPOSAL_OVER
    )
    resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Still lost")
    proposal.refresh_from_db()
    assert proposal.state == "dropped"


def test_dropping_needs_a_reason_and_is_told(desks: Desks) -> None:
    proposal = _propose(desks)
    _decide(desks.colleague, proposal, "drop")
    proposal.refresh_from_db()
    assert proposal.state == "open"
    _decide(desks.colleague, proposal, "drop", reason="The phone was found")
    proposal.refresh_from_db()
    assert proposal.state == "dropped"
    assert subjects(desks.person)[-1] == "Your MFA devices stay"
    assert (
        refused(lambda: resets.drop(agent=desks.agent, proposal_id=proposal.pk, reason="Again"))
        == Reason.PROPOSAL_OVER
    )


def test_a_proposal_about_others_people_is_absent(desks: Desks) -> None:
    device(desks.outsider)
    opened(desks.portal_agent, desks.outsider, way=BY_CODE)
    proposal = resets.propose(agent=desks.portal_agent, person_id=desks.outsider.pk, reason="Lost")
    assert _decide(desks.agent, proposal, "confirm", reason=SEEN).status_code == 404
    listed = reverse("support:helpdesk_proposals")
    assert desks.outsider.user_id not in text_of(strong_client(desks.agent).get(listed))
    _decide(desks.second_portal_agent, proposal, "confirm", reason=SEEN)
    proposal.refresh_from_db()
    assert proposal.state == "done"


def test_nothing_to_remove_is_nothing_to_propose(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    assert (
        refused(lambda: resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Lost"))
        == Reason.NOTHING_TO_RESET
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_second_agents_one_carries_it_out() -> None:
    desks = make_desks()
    seconds = [desks.colleague, desks.portal_agent, desks.second_portal_agent]
    proposal = _propose(desks)
    barrier, answers = threading.Barrier(len(seconds), timeout=20), []

    def confirm(agent: User) -> None:
        try:
            barrier.wait()
            resets.confirm(agent=agent, proposal_id=proposal.pk, reason=SEEN)
            answers.append("done")
        except Refusal as refusal:
            answers.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[agent]) for agent in seconds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == ["done", Reason.PROPOSAL_OVER, Reason.PROPOSAL_OVER]
    assert len(recorded("help_desk:confirm_reset")) == 1
    assert len(recorded("device:remove")) == 1
