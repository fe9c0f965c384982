"""What an agent does about password, codes, devices and address: never a way in for either."""

import datetime as dt

import pytest

from accounts.models import EmailChange, MFADevice, PasswordReset, SecurityCode
from accounts.services import second_factor
from accounts.services.second_factor import Choice
from notifications import links
from notifications.models import OutboxMessage
from support.reasons import Reason
from support.services import helpdesk_actions as actions
from tests.integration.support.acting import BY_CODE, BY_JUDGEMENT, act, frozen, refused
from tests.integration.support.helpdesk import (
    Desks,
    action_of,
    device,
    opened,
    page_of,
    recorded,
    strong_client,
    subjects,
)


def test_the_link_goes_to_the_owner_and_the_agent_sees_nothing(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    answer = act(desks, "reset-password")
    assert answer["Location"] == page_of(desks.person)
    reset = PasswordReset.objects.get()
    assert (reset.origin, reset.asked_by_id) == ("help_desk", desks.agent.pk)
    assert reset.status == PasswordReset.Status.MAILED
    (entry,) = recorded("recovery:start")
    assert entry.reason == "Lost the phone (CALL-77)"
    assert entry.actor_id == desks.agent.pk
    mail = OutboxMessage.objects.latest("pk")
    assert mail.to == desks.person.email
    link = links.resolve(mail.body_text, mail.message_id)
    token = link.partition("/forgot-password/link/")[2].partition("/")[0]
    assert token
    agent = strong_client(desks.agent)
    for page in (page_of(desks.person), action_of(desks.person, "reset-password")):
        shown = agent.get(page).content.decode()
        assert token not in shown
        assert 'type="password"' not in shown


def test_without_any_proof_the_link_waits_a_day(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    act(desks, "reset-password", lost_factor="on")
    reset = PasswordReset.objects.get()
    assert reset.status == PasswordReset.Status.WAITING
    assert reset.opens_at is not None
    assert reset.opens_at - reset.requested_at >= dt.timedelta(hours=24)


def test_a_frozen_account_gets_no_link(desks: Desks) -> None:
    frozen(desks.person)
    opened(desks.agent, desks.person, way=BY_JUDGEMENT)
    assert act(desks, "reset-password").status_code == 404
    assert not PasswordReset.objects.exists()


def test_a_one_time_code_is_shown_once_to_the_agent_of_a_proven_caller(desks: Desks) -> None:
    device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    answer = act(desks, "one-time-code")
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
    answer = act(desks, action, **typed)
    assert answer.status_code == 409
    assert str(Reason.NOT_PROVEN.label) in answer.content.decode()
    assert SecurityCode.objects.count() == 0
    assert EmailChange.objects.count() == 0


def test_a_lost_device_is_removed(desks: Desks) -> None:
    phone, _mailbox = device(desks.person, "text", phone="+14105550199"), device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)
    act(desks, "remove-device", device=phone.pk)
    assert not MFADevice.objects.filter(pk=phone.pk).exists()
    (entry,) = recorded("device:remove")
    assert (entry.actor_id, entry.on_behalf_of_id) == (desks.agent.pk, desks.person.pk)
    assert entry.reason == "Lost the phone (CALL-77)"
    assert subjects(desks.person)[-1] == "An MFA device was removed from your account"


@pytest.mark.parametrize(("ial", "alone"), [(1, True), (2, False)])
def test_the_only_device_of_somebody_whose_role_needs_one(
    desks: Desks, ial: int, alone: bool
) -> None:
    """Not its owner, but an agent takes it; alone, unless the role needs a proven identity."""
    role = desks.roles["end-user"]
    role.required_ial, role.required_aal = ial, 2
    role.save()
    mailbox = device(desks.person)
    opened(desks.agent, desks.person, way=BY_CODE)

    answer = act(desks, "remove-device", device=mailbox.pk)

    assert MFADevice.objects.filter(pk=mailbox.pk).exists() is not alone
    assert (str(Reason.SECOND_AGENT.label) in answer.content.decode()) is not alone


def test_the_device_of_another_person_is_no_choice(desks: Desks) -> None:
    device(desks.person)
    theirs = device(desks.outsider)
    opened(desks.agent, desks.person, way=BY_CODE)
    act(desks, "remove-device", device=theirs.pk)
    assert MFADevice.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("way", [BY_CODE, BY_JUDGEMENT])
def test_one_agent_alone_takes_no_device_from_a_privileged_person(desks: Desks, way: str) -> None:
    privileged = desks.colleague
    app = device(privileged, "app_phone")
    opened(desks.agent, privileged, way=way)
    assert (
        refused(
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
    act(desks, "change-email", email="new@people.example", confirm_email="new@people.example")
    change = EmailChange.objects.get()
    assert (change.new_email, change.asked_by_id) == ("new@people.example", desks.agent.pk)
    (entry,) = recorded("email:ask_change")
    assert entry.reason == "Lost the phone (CALL-77)"
    desks.person.refresh_from_db()
    assert desks.person.email == before
    assert {"new@people.example", before} <= set(OutboxMessage.objects.values_list("to", flat=True))


def test_two_different_addresses_change_nothing(desks: Desks) -> None:
    opened(desks.agent, desks.person, way=BY_CODE)
    act(desks, "change-email", email="new@people.example", confirm_email="now@people.example")
    assert EmailChange.objects.count() == 0
