"""What an agent does to an account: for verified callers only, with a reason, recorded, told."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

import clock
from accounts.models import (
    AccountEvent,
    EmailChange,
    MFADevice,
    PasswordReset,
    PortalSession,
    ProofingCase,
    SecurityCase,
    SecurityCode,
    User,
)
from accounts.services import disavowal, proofing_cases, second_factor, sign_in, throttle
from accounts.services.second_factor import Choice
from accounts.verdicts import Refusal
from notifications.models import OutboxMessage
from support.models import Contact, Proposal
from support.reasons import Reason
from support.services import helpdesk_actions as actions
from support.services import helpdesk_resets as resets
from tests import cast
from tests.integration.support.helpdesk import (
    Desks,
    action_of,
    device,
    make_desks,
    opened,
    page_of,
    recorded,
    strong_client,
    subjects,
    text_of,
)

BY_CODE, BY_JUDGEMENT = "portal_code", "call_back"
WHY = {"reason": "Lost the phone"}


def _refused(call: Any) -> str | None:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.reason


def _act(desks: Desks, action: str, **typed: Any) -> Any:
    client = strong_client(desks.agent)
    return client.post(action_of(desks.person, action), {**WHY, **typed})


def _lock(person: User) -> None:
    for bucket in (sign_in.account_bucket(person.user_id, None), second_factor.bucket(person)):
        while throttle.is_allowed(bucket):
            pass


# --- The door before all of them ---

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
    answer = _act(desks, action, reason="  ")
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
        _refused(
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


# --- Unlock, suspend ---


def test_unlock_lets_the_person_in_at_once(desks: Desks) -> None:
    _lock(desks.person)
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
    _act(desks, "suspend")
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


# --- Password ---


def test_the_link_goes_to_the_owner_and_the_agent_sees_nothing(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    answer = _act(desks, "reset-password")
    assert answer["Location"] == page_of(desks.person)
    reset = PasswordReset.objects.get()
    assert (reset.origin, reset.asked_by_id) == ("help_desk", desks.agent.pk)
    assert reset.status == PasswordReset.Status.MAILED
    (entry,) = recorded("recovery:start")
    assert entry.reason == "Lost the phone (CALL-77)"
    assert entry.actor_id == desks.agent.pk
    assert OutboxMessage.objects.latest("pk").to == desks.person.email


def test_without_any_proof_the_link_waits_a_day(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    _act(desks, "reset-password", lost_factor="on")
    reset = PasswordReset.objects.get()
    assert reset.status == PasswordReset.Status.WAITING
    assert reset.opens_at is not None
    assert reset.opens_at - reset.requested_at >= dt.timedelta(hours=24)


def test_a_frozen_account_gets_no_link(desks: Desks) -> None:
    _frozen(desks.person)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    assert _act(desks, "reset-password").status_code == 404
    assert not PasswordReset.objects.exists()


# --- Codes, devices, address ---


def test_a_one_time_code_is_shown_once_to_the_agent_of_a_proven_caller(desks: Desks) -> None:
    device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    answer = _act(desks, "one-time-code")
    html = answer.content.decode()
    from accounts.services import codes

    code = codes.readable(SecurityCode.objects.get(kind="one_time"))
    assert code in html
    assert "no-store" in answer["Cache-Control"]
    for mail in OutboxMessage.objects.all():
        assert code not in mail.body_text
    assert subjects(desks.person)[-1] == "A one-time security code was issued"
    (entry,) = recorded("device:one_time_code")
    assert entry.reason == "Lost the phone (CALL-77)"
    factor = second_factor.verify(user=desks.person, choice=Choice("one_time"), code=code)
    assert factor.kind == "one_time"


@pytest.mark.parametrize("action", ["one-time-code", "change-email"])
def test_a_caller_who_read_no_code_gets_no_way_in(desks: Desks, action: str) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    typed = {"email": "new@people.example", "confirm_email": "new@people.example"}
    answer = _act(desks, action, **typed)
    assert answer.status_code == 409
    assert str(Reason.NOT_PROVEN.label) in answer.content.decode()
    assert SecurityCode.objects.count() == 0
    assert EmailChange.objects.count() == 0


def test_a_lost_device_is_removed(desks: Desks) -> None:
    phone, _mailbox = device(desks.person, "text", phone="+14105550199"), device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    _act(desks, "remove-device", device=phone.pk)
    assert not MFADevice.objects.filter(pk=phone.pk).exists()
    (entry,) = recorded("device:remove")
    assert (entry.actor_id, entry.on_behalf_of_id) == (desks.agent.pk, desks.person.pk)
    assert entry.reason == "Lost the phone (CALL-77)"
    assert subjects(desks.person)[-1] == "An MFA device was removed from your account"


def test_the_device_of_another_person_is_no_choice(desks: Desks) -> None:
    device(desks.person)
    theirs = device(desks.outsider)
    opened(desks.agent, desks.person, way=BY_CODE)
    _act(desks, "remove-device", device=theirs.pk)
    assert MFADevice.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("way", [BY_CODE, BY_JUDGEMENT])
def test_one_agent_alone_takes_no_device_from_a_privileged_person(desks: Desks, way: str) -> None:
    privileged = desks.colleague
    app = device(privileged, "app_phone")
    opened(desks.agent, privileged, way=way)
    assert (
        _refused(
            lambda: actions.remove_device(
                agent=desks.agent, person_id=privileged.pk, device_id=app.pk, reason="Lost"
            )
        )
        == Reason.SECOND_AGENT
    )
    assert MFADevice.objects.filter(pk=app.pk).exists()


def test_the_new_address_has_to_confirm(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    before = desks.person.email
    _act(desks, "change-email", email="new@people.example", confirm_email="new@people.example")
    change = EmailChange.objects.get()
    assert (change.new_email, change.asked_by_id) == ("new@people.example", desks.agent.pk)
    (entry,) = recorded("email:ask_change")
    assert entry.reason == "Lost the phone (CALL-77)"
    desks.person.refresh_from_db()
    assert desks.person.email == before
    assert {"new@people.example", before} <= set(OutboxMessage.objects.values_list("to", flat=True))


def test_two_different_addresses_change_nothing(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    _act(desks, "change-email", email="new@people.example", confirm_email="now@people.example")
    assert EmailChange.objects.count() == 0


# --- Identity proofing, security cases ---


def test_phone_then_documents_prove_an_identity(desks: Desks) -> None:
    case = proofing_cases.open_by_choice(user=desks.person, by_phone=True)
    ProofingCase.objects.filter(pk=case.pk).update(status=ProofingCase.Status.PHONE)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    assert case.reference in text_of(strong_client(desks.agent).get(page_of(desks.person)))
    _act(desks, "phone-proofing", outcome="not_proven")
    case.refresh_from_db()
    assert case.status == ProofingCase.Status.MANUAL
    assert _act(desks, "manual-proofing", outcome="proven", documents=["lease"]).status_code == 409
    _act(desks, "manual-proofing", outcome="proven", documents=["passport", "lease"])
    desks.person.refresh_from_db()
    assert desks.person.ial == 2
    (entry,) = recorded("proofing_case:manual")
    assert entry.actor_id == desks.agent.pk
    assert entry.reason == "Lost the phone (CALL-77)"


def _frozen(person: User) -> SecurityCase:
    disavowal.link(person, AccountEvent.DEVICE_ADDED)
    row = person.disavowals.latest("pk")
    case = disavowal.disown(disavowal_id=row.pk, address="127.0.0.1")
    person.refresh_from_db()
    return case


def test_a_reported_account_is_given_back(desks: Desks) -> None:
    case = _frozen(desks.person)
    client = strong_client(desks.agent)
    assert case.reference in text_of(client.get(reverse("support:helpdesk_cases")))
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    text = text_of(client.get(page_of(desks.person)))
    assert "Frozen by its owner" in text
    assert case.reference in text
    _act(desks, "close-case", resolution="returned")
    case.refresh_from_db()
    desks.person.refresh_from_db()
    assert case.closed_by_id == desks.agent.pk
    assert desks.person.frozen_at is None
    assert case.reference not in text_of(client.get(reverse("support:helpdesk_cases")))


def test_cases_of_others_are_not_listed(desks: Desks) -> None:
    case = _frozen(desks.outsider)
    assert case.reference not in text_of(
        strong_client(desks.agent).get(reverse("support:helpdesk_cases"))
    )
    assert case.reference in text_of(
        strong_client(desks.portal_agent).get(reverse("support:helpdesk_cases"))
    )


# --- Removing all devices, with a second agent ---


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
    assert "assister.avery" in text_of(strong_client(desks.colleague).get(listed))
    _decide(desks.colleague, proposal, "confirm")
    proposal.refresh_from_db()
    desks.person.refresh_from_db()
    assert (proposal.state, proposal.decided_by_id) == ("done", desks.colleague.pk)
    assert not desks.person.has_mfa
    assert len(recorded("help_desk:propose_reset")) == 1
    assert len(recorded("help_desk:confirm_reset")) == 1
    assert subjects(desks.person)[-2:] == [
        "Your MFA devices are to be removed",
        "An MFA device was removed from your account",
    ]
    assert "assister.avery" not in text_of(strong_client(desks.colleague).get(listed))


def test_the_first_agent_cannot_confirm(desks: Desks) -> None:
    proposal = _propose(desks)
    assert _decide(desks.agent, proposal, "confirm").status_code == 409
    assert (
        _refused(lambda: resets.confirm(agent=desks.agent, proposal_id=proposal.pk))
        == Reason.OWN_PROPOSAL
    )
    desks.person.refresh_from_db()
    assert desks.person.has_mfa


def test_a_caller_without_code_waits_a_day(desks: Desks) -> None:
    proposal = _propose(desks, way=BY_JUDGEMENT)
    assert (
        _refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk))
        == Reason.TOO_EARLY
    )
    Proposal.objects.filter(pk=proposal.pk).update(not_before=clock.now())
    resets.confirm(agent=desks.colleague, proposal_id=proposal.pk)
    desks.person.refresh_from_db()
    assert not desks.person.has_mfa


def test_a_day_is_what_the_proposal_says(desks: Desks) -> None:
    proposal = _propose(desks, way=BY_JUDGEMENT)
    assert proposal.not_before - proposal.proposed_at == dt.timedelta(hours=24)
    assert _propose_again(desks) == Reason.PROPOSED_ALREADY


def _propose_again(desks: Desks) -> str | None:
    return _refused(
        lambda: resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Again")
    )


def test_somebody_who_objects_stops_it(desks: Desks) -> None:
    proposal = _propose(desks)
    _frozen(desks.person)
    assert (
        _refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk))
        == Reason.PROPOSAL_OVER
    )
    assert MFADevice.objects.filter(user=desks.person).exists()


def test_a_proposal_expires_and_makes_room_for_a_new_one(desks: Desks) -> None:
    proposal = _propose(desks)
    Proposal.objects.filter(pk=proposal.pk).update(expires_at=clock.now())
    assert (
        _refused(lambda: resets.confirm(agent=desks.colleague, proposal_id=proposal.pk))
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
        _refused(lambda: resets.drop(agent=desks.agent, proposal_id=proposal.pk, reason="Again"))
        == Reason.PROPOSAL_OVER
    )


def test_a_proposal_about_others_people_is_absent(desks: Desks) -> None:
    device(desks.outsider)
    opened(desks.portal_agent, desks.outsider, way=BY_CODE)
    proposal = resets.propose(agent=desks.portal_agent, person_id=desks.outsider.pk, reason="Lost")
    assert _decide(desks.agent, proposal, "confirm").status_code == 404
    listed = reverse("support:helpdesk_proposals")
    assert desks.outsider.user_id not in text_of(strong_client(desks.agent).get(listed))
    _decide(desks.second_portal_agent, proposal, "confirm")
    proposal.refresh_from_db()
    assert proposal.state == "done"


def test_nothing_to_remove_is_nothing_to_propose(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    assert (
        _refused(
            lambda: resets.propose(agent=desks.agent, person_id=desks.person.pk, reason="Lost")
        )
        == Reason.NOTHING_TO_RESET
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_second_agents_one_carries_it_out() -> None:
    desks = make_desks()
    seconds = [desks.colleague, desks.portal_agent, desks.second_portal_agent]
    proposal = _propose(desks)
    barrier, answers = threading.Barrier(len(seconds)), []

    def confirm(agent: User) -> None:
        try:
            barrier.wait()
            resets.confirm(agent=agent, proposal_id=proposal.pk)
            answers.append("done")
        except Refusal as refusal:
            answers.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[agent]) for agent in seconds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", Reason.PROPOSAL_OVER, Reason.PROPOSAL_OVER]
    assert len(recorded("help_desk:confirm_reset")) == 1
    assert len(recorded("device:remove")) == 1
