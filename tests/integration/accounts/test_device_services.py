"""Adding, naming and removing devices keeps the person's row, the sessions and the record true."""

from typing import Any

import pytest

from accounts.assurance import AAL, Strength
from accounts.models import MFADevice, PortalSession, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import codes, device_changes, devices, mfa_enrollment
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import MailboxMessage, OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories import devices as make
from tests.factories.devices import Kind

pytestmark = pytest.mark.django_db


def session_of(user: User) -> PortalSession:
    """An open session."""
    cast.client_of(user)
    return PortalSession.objects.filter(user=user).latest("pk")


def code_for(device: MFADevice) -> str:
    """What proves possession of a device that is being set up."""
    return make.code_of(device)


def test_a_begun_device_counts_for_nothing() -> None:
    person = accounts.user()
    device = devices.add(user=person, kind=Kind.APP_PHONE, name="Phone")
    person.refresh_from_db()
    assert not device.confirmed
    assert (person.has_mfa, person.has_strong_factor) == (False, False)
    assert devices.confirmed_for(person) == []
    assert len(devices.seed_of(device)) == devices.SEED_BYTES


def test_a_proven_app_makes_person_and_session_strong_and_ends_the_others() -> None:
    person = accounts.user()
    here, elsewhere = session_of(person), session_of(person)
    device = devices.add(user=person, kind=Kind.APP_PHONE)
    done = devices.confirm(
        user=person, device_id=device.pk, code=code_for(device), name="My phone", session=here
    )
    for row in (person, here, elsewhere):
        row.refresh_from_db()
    assert (done.name, MFADevice.objects.get().is_default) == ("My phone", True)
    assert (person.has_mfa, person.has_strong_factor) == (True, True)
    assert (here.strength, here.aal, here.device_id) == (
        Strength.STRONG,
        AAL.TWO_FACTORS,
        device.pk,
    )
    assert here.ended_at is None
    assert here.security_version == person.security_version
    assert elsewhere.end_reason == PortalSession.End.ACCOUNT_CHANGED
    assert AuditEntry.objects.filter(tag="device:add").count() == 1
    assert OutboxMessage.objects.filter(name="mfa_device_added").count() == 1
    with pytest.raises(ValueError, match="only while"):
        devices.seed_of(done)


def test_a_wrong_code_confirms_nothing_and_is_counted() -> None:
    person = accounts.user()
    device = devices.add(user=person, kind=Kind.APP_PHONE)
    wrong = f"{(int(code_for(device)) + 7) % 1_000_000:06d}"
    with pytest.raises(Refusal) as refused:
        devices.confirm(user=person, device_id=device.pk, code=wrong)
    assert refused.value.reason == Reason.SECOND_FACTOR_REFUSED
    assert devices.confirmed_for(person) == []
    assert AuditEntry.objects.filter(tag="session:second_factor_failed").count() == 1


def test_a_telephone_is_proven_by_the_code_it_got() -> None:
    person = accounts.user()
    device = devices.add(user=person, kind=Kind.VOICE, phone=make.PHONE, extension="204")
    code = codes.readable(codes.send(user=person, device=device))
    assert MailboxMessage.objects.get(channel="call").to == f"{make.PHONE} ext. 204"
    devices.confirm(user=person, device_id=device.pk, code=code)
    person.refresh_from_db()
    assert (person.has_mfa, person.has_strong_factor) == (True, False)


def test_nobody_confirms_or_touches_the_device_of_another() -> None:
    person, other = accounts.user(), accounts.user()
    begun = devices.add(user=person, kind=Kind.APP_PHONE)
    app = make.app(accounts.user())
    attempts: list[Any] = [
        lambda: devices.confirm(user=other, device_id=begun.pk, code=code_for(begun)),
        lambda: devices.take_into_use(user=other, device_id=begun.pk),
        lambda: device_changes.rename(user=other, device_id=app.pk, name="Mine"),
        lambda: device_changes.make_default(user=other, device_id=app.pk),
        lambda: device_changes.remove(user=other, device_id=app.pk, actor=other),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.reason == Reason.NO_SUCH_DEVICE


def test_five_devices_are_the_most() -> None:
    person = accounts.user()
    for _ in range(5):
        make.app(person)
    with pytest.raises(Refusal) as refused:
        devices.add(user=person, kind=Kind.EMAIL)
    assert refused.value.reason == Reason.TOO_MANY_DEVICES


def test_a_new_beginning_forgets_the_one_before() -> None:
    person = accounts.user()
    first = devices.add(user=person, kind=Kind.APP_PHONE)
    devices.add(user=person, kind=Kind.EMAIL)
    assert not MFADevice.objects.filter(pk=first.pk).exists()


def test_recovery_codes_need_a_device_and_go_with_the_last_one() -> None:
    person = accounts.user()
    with pytest.raises(Refusal) as refused:
        mfa_enrollment.add_recovery_codes(user=person, name="Paper")
    assert refused.value.reason == Reason.NEEDS_ANOTHER_DEVICE_FIRST
    app = make.app(person)
    texts = mfa_enrollment.add_recovery_codes(user=person, name="Paper")
    assert len(set(texts)) == 10
    sheet = MFADevice.objects.get(kind=Kind.RECOVERY)
    assert codes.recovery_codes_left(sheet) == 10
    device_changes.remove(user=person, device_id=app.pk, actor=person)
    person.refresh_from_db()
    assert not MFADevice.objects.exists()
    assert not SecurityCode.objects.exists()
    assert not person.has_mfa


def test_the_last_strong_device_of_somebody_whose_work_needs_one_stays() -> None:
    boss = cast.administrator(has_mfa=False, has_strong_factor=False)
    app = make.app(boss)
    make.device(boss, Kind.EMAIL)
    with pytest.raises(Refusal) as refused:
        device_changes.remove(user=boss, device_id=app.pk, actor=boss)
    assert refused.value.reason == Reason.LAST_DEVICE_NEEDED
    make.device(boss, Kind.APP_COMPUTER)
    device_changes.remove(user=boss, device_id=app.pk, actor=boss)
    boss.refresh_from_db()
    assert boss.has_strong_factor


def test_a_help_desk_removes_with_a_reason_and_everybody_is_told() -> None:
    person, agent = accounts.user(), cast.portal_help_desk()
    app = make.app(person)
    session = session_of(person)
    with pytest.raises(Refusal) as refused:
        device_changes.remove(user=person, device_id=app.pk, actor=agent)
    assert refused.value.reason == Reason.REASON_MISSING
    device_changes.remove(
        user=person, device_id=app.pk, actor=agent, reason="The phone was stolen."
    )
    session.refresh_from_db()
    entry = AuditEntry.objects.get(tag="device:remove")
    assert (entry.actor_id, entry.reason) == (agent.pk, "The phone was stolen.")
    assert OutboxMessage.objects.filter(name="mfa_device_removed").count() == 1
    assert session.end_reason == PortalSession.End.ACCOUNT_CHANGED


def test_removing_another_device_keeps_this_session_and_ends_the_rest() -> None:
    person = accounts.user()
    app, email = make.app(person), make.device(person, Kind.EMAIL)
    here, elsewhere = session_of(person), session_of(person)
    PortalSession.objects.update(device=app, factor="app_phone")
    device_changes.remove(user=person, device_id=email.pk, actor=person, session=here)
    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.ended_at, here.strength) == (None, Strength.STRONG)
    assert elsewhere.ended_at is not None


def test_one_device_is_the_default_always() -> None:
    person = accounts.user()
    first, second = make.app(person), make.device(person, Kind.EMAIL)
    device_changes.make_default(user=person, device_id=second.pk)
    assert [device.pk for device in devices.confirmed_for(person)] == [second.pk, first.pk]
    device_changes.remove(user=person, device_id=second.pk, actor=person)
    assert MFADevice.objects.get().is_default


def test_renaming_to_the_same_name_is_no_change() -> None:
    person = accounts.user()
    app = make.app(person, name="Phone")
    device_changes.rename(user=person, device_id=app.pk, name=" Phone ")
    assert not AuditEntry.objects.filter(tag="device:rename").exists()
    device_changes.rename(user=person, device_id=app.pk, name="Old phone")
    app.refresh_from_db()
    assert app.name == "Old phone"
    assert AuditEntry.objects.filter(tag="device:rename").count() == 1
    assert OutboxMessage.objects.filter(name="mfa_device_renamed").count() == 1
