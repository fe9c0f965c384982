"""Nobody has codes sent without end by setting devices up, whoever owns the number (M-10)."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

import clock
from accounts.models import MFADevice, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import codes, device_changes, devices
from accounts.verdicts import Refusal
from notifications.models import MailboxMessage, OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories import devices as make
from tests.factories.devices import Kind
from tests.integration.accounts.mfa_pages import begin

pytestmark = pytest.mark.django_db

MINUTE = timedelta(seconds=61)
_numbers = count(4105550200)


def number() -> str:
    """A telephone that nobody has used."""
    return f"+1{next(_numbers)}"


def set_up(person: User, phone: str = "", kind: Kind = Kind.TEXT) -> Reason | None:
    """Begin with a device and have a code sent; returns why none was, if none was."""
    extra = {} if kind == Kind.EMAIL else {"phone": phone or number()}
    device = devices.add(user=person, kind=kind, **extra)
    try:
        codes.send(user=person, device=device)
    except Refusal as refusal:
        return Reason(refusal.reason)
    return None


def left(kind: Kind) -> int:
    """How many codes left by the channel."""
    if kind == Kind.EMAIL:
        return OutboxMessage.objects.filter(name="security_code").count()
    return MailboxMessage.objects.count()


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.VOICE, Kind.EMAIL])
def test_thirty_beginnings_send_one_code_a_minute_and_five_an_hour(kind: Kind) -> None:
    person = accounts.user()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        refused = [set_up(person, kind=kind) for _ in range(30)]
        assert refused == [None] + [Reason.CODE_TOO_SOON] * 29
        assert left(kind) == 1
        for _ in range(10):
            traveller.shift(MINUTE)
            last = set_up(person, kind=kind)
        assert last in {Reason.CODE_TOO_MANY, Reason.CODE_TARGET_BUSY}
        assert left(kind) == settings.SECURITY_CODES_PER_HOUR
        traveller.shift(timedelta(hours=1))
        assert set_up(person, kind=kind) is None


def test_removing_a_device_and_adding_it_again_sends_no_more() -> None:
    person, phone = accounts.user(), number()
    for tried in range(10):
        device = devices.add(user=person, kind=Kind.TEXT, phone=phone)
        try:
            code = codes.send(user=person, device=device)
        except Refusal:
            continue
        devices.confirm(user=person, device_id=device.pk, code=codes.readable(code))
        device_changes.remove(user=person, device_id=device.pk, actor=person)
        assert tried == 0
    assert MailboxMessage.objects.count() == 1


def test_what_was_sent_to_a_device_that_is_gone_opens_nothing() -> None:
    person = accounts.user()
    device = devices.add(user=person, kind=Kind.TEXT, phone=number())
    code = codes.readable(codes.send(user=person, device=device))
    other = devices.add(user=person, kind=Kind.TEXT, phone=number())

    with pytest.raises(Refusal) as refused:
        devices.confirm(user=person, device_id=other.pk, code=code)

    assert refused.value.reason == Reason.SECOND_FACTOR_REFUSED
    kept = SecurityCode.objects.get()
    assert (kept.device, kept.used_at) == (None, None)
    assert kept.replaced_at is not None


def test_many_people_send_no_more_to_one_number_than_one_person() -> None:
    owner, phone = accounts.user(), number()
    theirs = make.device(owner, Kind.TEXT, phone=phone)

    refused = [set_up(accounts.user(), phone) for _ in range(8)]

    assert refused == [None] * 5 + [Reason.CODE_TARGET_BUSY] * 3
    assert MailboxMessage.objects.count() == settings.SECURITY_CODES_PER_HOUR
    codes.send(user=owner, device=theirs)  # strangers do not close it for its owner
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False):
        assert set_up(accounts.user(), phone) is None


def test_a_try_too_soon_takes_no_place_of_the_number() -> None:
    person, phone = accounts.user(), number()
    assert set_up(person, phone) is None
    assert [set_up(person, phone) for _ in range(9)] == [Reason.CODE_TOO_SOON] * 9

    assert [set_up(accounts.user(), phone) for _ in range(4)] == [None] * 4


# --- On the pages ---


@pytest.fixture
def client() -> Client:
    """Somebody who signed in and has no device."""
    return cast.client_of(cast.assister())


def _text(page: Any) -> str:
    text: str = page.content.decode()
    return text


def test_going_on_twice_leaves_the_code_good_that_is_on_its_way(client: Client) -> None:
    first = begin(client, "text", phone="(410) 555-0177")
    code = codes.readable(SecurityCode.objects.get())

    second = begin(client, "text", phone="(410) 555-0177")

    assert second.redirect_chain == first.redirect_chain
    assert "A code was sent less than a minute ago" in _text(second)
    assert "We have sent a code" in _text(second)
    assert MailboxMessage.objects.count() == 1
    client.post(second.redirect_chain[-1][0], {"code": code, "name": "Mine"})
    assert MFADevice.objects.get().confirmed


def test_a_corrected_number_gets_its_code_a_minute_later(client: Client) -> None:
    begin(client, "text", phone="(410) 555-0177")

    page = begin(client, "text", phone="(410) 555-0178")

    assert "No code has been sent to" in _text(page)
    address = page.redirect_chain[-1][0]
    with time_machine.travel(clock.now() + MINUTE, tick=False):
        again = client.post(address, {"action": "send"}, follow=True)
        assert "We have sent a code" in _text(again)
    assert [message.to for message in MailboxMessage.objects.order_by("pk")] == [
        "+14105550177",
        "+14105550178",
    ]
