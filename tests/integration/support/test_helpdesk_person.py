"""An account at the help desk: opened with a reason, told to its owner, masked, verified."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

import clock
from accounts import gateways, sealing
from accounts.models import User
from accounts.verdicts import Refusal
from notifications import links
from notifications.models import MailboxMessage, OutboxMessage
from support.models import CallerCode, Contact
from support.reasons import Reason
from support.services import caller_codes
from support.services import helpdesk_contacts as contacts
from support.services import helpdesk_sending as sending
from tests import cast
from tests.integration.support.helpdesk import (
    WHY,
    Desks,
    action_of,
    device,
    make_desks,
    opened,
    page_of,
    recorded,
    strong,
    strong_client,
    subjects,
    text_of,
)


def _verify_page(person: User) -> str:
    return reverse("support:helpdesk_verify", args=[person.pk])


def _code_of(person: User) -> str:
    caller_codes.make(person=person)
    shown = caller_codes.shown_to(person)
    assert shown is not None
    return shown[0]


def _wrong(code: str) -> str:
    return "111111" if code != "111111" else "222222"


# --- Opening an account ---


def test_nothing_is_shown_before_a_reason_is_given(desks: Desks) -> None:
    client = strong_client(desks.agent)
    text = text_of(client.get(page_of(desks.person)))
    assert "Open account as" in text
    assert "assister.avery" not in text
    assert desks.person.last_name not in text


def test_opening_needs_reason_and_number(desks: Desks) -> None:
    client = strong_client(desks.agent)
    for missing in WHY:
        client.post(page_of(desks.person), {**WHY, missing: ""})
    assert Contact.objects.count() == 0


def test_an_opened_account_is_recorded_and_told(desks: Desks) -> None:
    client = strong_client(desks.agent)
    response = client.post(page_of(desks.person), WHY)
    assert response["Location"] == page_of(desks.person)
    (entry,) = recorded("help_desk:open")
    assert (entry.actor_id, entry.target_id) == (desks.agent.pk, str(desks.person.pk))
    assert entry.reason == "Cannot log in (CALL-77)"
    assert subjects(desks.person) == ["A help desk opened your account"]
    body = OutboxMessage.objects.get(to=desks.person.email).body_text
    assert "Cannot log in" in body
    assert "CALL-77" in body


def test_the_account_shows_what_the_work_needs_and_masks_the_rest(desks: Desks) -> None:
    client = strong_client(desks.agent)
    device(desks.person, "text", phone="+14105550199")
    opened(desks.agent, desks.person)
    response = client.get(page_of(desks.person))
    text = text_of(response)
    for shown in ("assister.avery", "Active", "zONE", "Self-asserted", "Text message", "Annapolis"):
        assert shown in text
    html = response.content.decode()
    for hidden in (desks.person.email, "4105550142", "4105550199", ">21401<", "Quay"):
        assert hidden not in html
    assert "no-store" in response["Cache-Control"]


def test_an_application_agent_sees_roles_of_the_own_applications_only(desks: Desks) -> None:
    other = desks.outsider.grants.select_related("role__system").get().role
    from tests.factories.access_requests import make_grant

    make_grant(desks.person, other)
    opened(desks.agent, desks.person)
    assert other.system.title not in text_of(strong_client(desks.agent).get(page_of(desks.person)))
    opened(desks.portal_agent, desks.person)
    text = text_of(strong_client(desks.portal_agent).get(page_of(desks.person)))
    assert other.system.title in text


def test_an_opened_account_closes_after_half_an_hour(desks: Desks) -> None:
    contact = opened(desks.agent, desks.person, way="portal_code")
    client = strong_client(desks.agent)
    assert "Recent sign-ins" in text_of(client.get(page_of(desks.person)))
    Contact.objects.filter(pk=contact.pk).update(opened_at=clock.now() - dt.timedelta(minutes=30))
    assert "Recent sign-ins" not in text_of(client.get(page_of(desks.person)))


def test_a_contact_is_the_agents_own(desks: Desks) -> None:
    opened(desks.agent, desks.person, way="portal_code")
    text = text_of(strong_client(desks.colleague).get(page_of(desks.person)))
    assert "Recent sign-ins" not in text


@pytest.mark.parametrize(
    "page", [page_of, _verify_page, lambda person: action_of(person, "unlock")]
)
def test_somebody_elses_people_are_as_absent_as_nobody(desks: Desks, page: Any) -> None:
    client = strong_client(desks.agent)
    ghost = User(pk=desks.outsider.pk + 10_000)
    for address in (page(desks.outsider), page(ghost)):
        assert client.get(address).status_code == 404
        assert client.post(address, WHY).status_code == 404
    assert Contact.objects.count() == 0


def test_for_others_no_account_is_there(desks: Desks) -> None:
    for visitor in (desks.person, desks.approver, cast.auditor()):
        client = strong_client(visitor)
        for address in (page_of(desks.person), _verify_page(desks.person)):
            assert client.get(address).status_code == 404
            assert client.post(address, WHY).status_code == 404


@pytest.mark.parametrize(
    ("who", "reason"), [("agent", Reason.OWN_ACCOUNT), ("portal_agent", Reason.HIGHER_ACCOUNT)]
)
def test_the_own_and_a_higher_account_stay_shut(desks: Desks, who: str, reason: Reason) -> None:
    from tests.factories.access_requests import make_grant

    subject = getattr(desks, who)
    if who == "portal_agent":
        make_grant(subject, desks.roles["end-user"])
    client = strong_client(desks.agent)
    page = client.get(page_of(subject))
    assert str(reason.label) in page.content.decode().replace("&#x27;", "'")
    assert client.post(page_of(subject), WHY).status_code == 409
    assert Contact.objects.count() == 0


def test_an_administrator_stands_above_the_portal_help_desk(desks: Desks) -> None:
    with pytest.raises(Refusal) as caught:
        opened(desks.portal_agent, cast.administrator())
    assert caught.value.reason == Reason.ADMINISTRATORS_ACCOUNT


@pytest.mark.parametrize(
    ("who", "advice", "search"),
    [
        ("agent", "Pass the caller on to the portal help desk.", "support:helpdesk"),
        (
            "portal_agent",
            "Those who run the server of the portal can reset its MFA devices",
            "support:helpdesk_enterprise",
        ),
    ],
)
def test_a_refusal_says_who_can_help_and_leads_back(
    desks: Desks, who: str, advice: str, search: str
) -> None:
    from tests.factories.access_requests import make_grant

    admin = cast.administrator()
    make_grant(admin, desks.roles["end-user"])
    page = strong_client(getattr(desks, who)).get(page_of(admin))
    text = text_of(page)
    assert advice in text
    assert "portal administrator" not in text
    assert f'href="{reverse(search)}">Back to the search</a>' in page.content.decode()
    assert "Open Account" not in text


def test_the_database_knows_no_contact_with_oneself(desks: Desks) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(agent=desks.agent, person=desks.agent, opened_at=clock.now(), **WHY)


# --- Verifying the caller ---


def test_the_caller_reads_the_code_from_the_portal(desks: Desks) -> None:
    owner = cast.client_of(desks.person)
    address = reverse("support:helpdesk_code")
    assert "big-code" not in owner.get(address).content.decode()
    owner.post(address)
    shown = caller_codes.shown_to(desks.person)
    assert shown is not None
    assert shown[0] in owner.get(address).content.decode()

    opened(desks.agent, desks.person)
    client = strong_client(desks.agent)
    response = client.post(_verify_page(desks.person), {"step": "check", "code": shown[0]})
    assert response["Location"] == page_of(desks.person)
    contact = Contact.objects.get()
    assert contact.way == Contact.Way.PORTAL_CODE
    assert "Caller verified" in text_of(client.get(page_of(desks.person)))
    assert [entry.outcome for entry in recorded("help_desk:verify")] == ["success"]


def test_a_code_works_once(desks: Desks) -> None:
    code = _code_of(desks.person)
    opened(desks.agent, desks.person)
    assert contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)
    assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)


def test_three_wrong_tries_kill_the_code(desks: Desks) -> None:
    code = _code_of(desks.person)
    opened(desks.agent, desks.person)
    for _ in range(3):
        assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=_wrong(code))
    assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)
    assert [entry.outcome for entry in recorded("help_desk:verify")] == ["refused"] * 4


def test_a_code_ends_after_ten_minutes_and_by_a_newer_one(desks: Desks) -> None:
    old = _code_of(desks.person)
    new = _code_of(desks.person)
    opened(desks.agent, desks.person)
    if old != new:
        assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=old)
    CallerCode.objects.filter(ended_at=None).update(expires_at=clock.now())
    assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=new)


def test_the_code_of_another_person_verifies_nobody(desks: Desks) -> None:
    code = _code_of(desks.outsider)
    _code_of(desks.person)
    opened(desks.agent, desks.person)
    shown = caller_codes.shown_to(desks.person)
    if shown and shown[0] != code:
        assert not contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)


def test_no_code_can_be_read_from_the_database(desks: Desks) -> None:
    code = _code_of(desks.person)
    row = CallerCode.objects.values().get()
    assert code not in str({key: row[key] for key in ("nonce", "hash")})


def test_a_code_goes_to_a_device_of_the_caller(desks: Desks) -> None:
    mailbox = device(desks.person)
    opened(desks.agent, desks.person)
    client = strong_client(desks.agent)
    page = client.post(_verify_page(desks.person), {"step": "send", "device": mailbox.pk})
    assert "on its way" in text_of(page)
    assert subjects(desks.person)[-1] == "Your help desk code"
    code = sealing.code_of(CallerCode.objects.get().nonce)
    assert code not in OutboxMessage.objects.latest("pk").body_text
    assert code not in page.content.decode()
    assert contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)
    assert Contact.objects.get().way == Contact.Way.DEVICE_CODE


@pytest.mark.parametrize("kind", ["text", "voice"])
def test_a_code_goes_to_a_telephone(desks: Desks, kind: str) -> None:
    phone = device(desks.person, kind, phone="+14105550199")
    opened(desks.agent, desks.person)
    sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=phone.pk)
    code = sealing.code_of(CallerCode.objects.get().nonce)
    kept = MailboxMessage.objects.get(to="+14105550199")
    assert code not in kept.body_text
    said = links.resolve(kept.body_text, kept.message_id)
    assert (code if kind == "text" else ", ".join(code)) in said
    assert contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)


def test_where_nothing_reaches_telephones_none_is_offered(desks: Desks, settings: Any) -> None:
    phone = device(desks.person, "text", phone="+14105550199")
    settings.MAILBOX_ENABLED, settings.SMS_GATEWAY = False, ""
    opened(desks.agent, desks.person)
    page = strong_client(desks.agent).get(_verify_page(desks.person))
    assert "no device that can receive a code" in text_of(page)
    with pytest.raises(Refusal) as caught:
        sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=phone.pk)
    assert caught.value.reason == Reason.NO_SUCH_DEVICE


def test_a_code_that_did_not_leave_is_dead(desks: Desks, monkeypatch: Any) -> None:
    phone = device(desks.person, "text", phone="+14105550199")
    opened(desks.agent, desks.person)

    def fail(*_args: str) -> None:
        raise gateways.NotDeliveredError

    monkeypatch.setattr(gateways.MailboxGateway, "send_text", fail)
    with pytest.raises(Refusal) as caught:
        sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=phone.pk)
    assert caught.value.reason == Reason.CODE_NOT_SENT
    assert CallerCode.objects.get().ended_at is not None


def test_a_sent_code_is_good_for_its_contact_only(desks: Desks) -> None:
    mailbox = device(desks.person)
    opened(desks.agent, desks.person)
    sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=mailbox.pk)
    code = sealing.code_of(CallerCode.objects.get().nonce)
    opened(desks.colleague, desks.person)
    assert not contacts.verify(agent=desks.colleague, person_id=desks.person.pk, code=code)


def test_codes_are_sent_once_a_minute_and_five_times_an_hour(desks: Desks) -> None:
    mailbox = device(desks.person)
    opened(desks.agent, desks.person)
    sent = 0
    for _ in range(7):
        try:
            sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=mailbox.pk)
            sent += 1
        except Refusal as refusal:
            assert refusal.reason == Reason.CODE_NOT_NOW  # noqa: PT017 - counted, not expected
        with pytest.raises(Refusal):
            sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=mailbox.pk)
        for row in CallerCode.objects.all():
            CallerCode.objects.filter(pk=row.pk).update(
                created_at=row.created_at - dt.timedelta(minutes=2)
            )
    assert sent == 5


@pytest.mark.parametrize("kind", ["app_phone", "other"])
def test_a_code_goes_to_no_other_device(desks: Desks, kind: str) -> None:
    theirs = device(desks.outsider if kind == "other" else desks.person, "app_phone")
    opened(desks.agent, desks.person)
    with pytest.raises(Refusal) as caught:
        sending.send_code(agent=desks.agent, person_id=desks.person.pk, device_id=theirs.pk)
    assert caught.value.reason == Reason.NO_SUCH_DEVICE


def test_another_way_needs_to_say_what_was_checked(desks: Desks) -> None:
    opened(desks.agent, desks.person)
    client = strong_client(desks.agent)
    typed = {"step": "otherwise", "way": "photo_id", "note": ""}
    client.post(_verify_page(desks.person), typed)
    assert Contact.objects.get().way == ""
    client.post(_verify_page(desks.person), {**typed, "note": "Driver's license by video"})
    contact = Contact.objects.get()
    assert (contact.way, contact.note) == ("photo_id", "Driver's license by video")
    assert not contact.is_by_code


def test_a_way_by_code_cannot_be_claimed(desks: Desks) -> None:
    opened(desks.agent, desks.person)
    client = strong_client(desks.agent)
    typed = {"step": "otherwise", "way": "portal_code", "note": "They read it"}
    client.post(_verify_page(desks.person), typed)
    assert Contact.objects.get().verified_at is None
    with pytest.raises(Refusal):
        contacts.verify_otherwise(
            agent=desks.agent,
            person_id=desks.person.pk,
            way=Contact.Way.PORTAL_CODE,
            note="They read it",
        )


def test_nobody_is_verified_without_an_open_account(desks: Desks) -> None:
    code = _code_of(desks.person)
    with pytest.raises(Refusal) as caught:
        contacts.verify(agent=desks.agent, person_id=desks.person.pk, code=code)
    assert caught.value.reason == Reason.NO_CONTACT
    response = strong_client(desks.agent).get(_verify_page(desks.person))
    assert response["Location"] == page_of(desks.person)


def test_the_code_page_is_everybodys_own(desks: Desks, client: Any) -> None:
    address = reverse("support:helpdesk_code")
    assert client.get(address).status_code == 302
    _code_of(desks.person)
    shown = caller_codes.shown_to(desks.person)
    assert shown is not None
    assert shown[0] not in cast.client_of(desks.outsider).get(address).content.decode()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_three_are_judged() -> None:
    desks = make_desks()
    code = _code_of(desks.person)
    agent, person = strong(desks.agent), desks.person
    opened(agent, person)
    barrier, answers = threading.Barrier(8, timeout=20), []

    def try_once(number: int) -> None:
        try:
            barrier.wait()
            typed = code if number == 7 else _wrong(code)
            answers.append(contacts.verify(agent=agent, person_id=person.pk, code=typed))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_once, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == 8
    assert CallerCode.objects.get().tries <= 3
    assert CallerCode.objects.get().ended_at is not None
