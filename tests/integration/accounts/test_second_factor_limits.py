"""No road around the second factor: limits, reuse, drift, races, foreign codes, removed devices."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import clock
from accounts import half, sealing
from accounts.assurance import Strength
from accounts.factors import Factor
from accounts.models import MFADevice, PortalSession, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import codes, device_changes, second_factor
from accounts.services.second_factor import Choice
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import MailboxMessage, OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories import devices as make
from tests.factories.devices import Kind
from tests.integration.accounts.second_step import halfway, is_signed_in, post

pytestmark = pytest.mark.django_db

APP = Choice("app_phone")


def is_right(user: User, choice: Choice, code: str) -> bool:
    """Judge a code as the sign-in does."""
    try:
        second_factor.verify(user=user, choice=choice, code=code)
    except Refusal as refusal:
        if refusal.reason != Reason.SECOND_FACTOR_REFUSED:
            raise
        return False
    return True


def wrong(app: MFADevice) -> str:
    """A code that is not good now, nor a step before or after."""
    near = {make.code_of(app, steps=steps) for steps in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def addresses() -> Iterator[str]:
    """Every address of the portal, with something in the place of each changing part."""
    sample = {"int": "1", "str": "some", "slug": "zone", "uuid": "0" * 8, "path": "some"}

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route

    for route in walk(get_resolver().url_patterns, "/"):
        plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: sample.get(found[1] or "str", "1"), route)
        yield re.sub(r"\(\?P<\w+>[^)]*\)|[\^$?]", "1", plain) if "(?P" in plain else plain


def test_the_password_alone_opens_no_address_of_the_portal() -> None:
    person = cast.superuser(has_mfa=False, has_strong_factor=False)
    make.app(person)
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": person.user_id})
    client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})
    saved = dict(client.session.items())
    assert half.is_there(client.session)
    opened, seen = set(), 0
    for address in addresses():
        for method in ("get", "post"):
            session = client.session
            session.update(saved)
            session.save()
            response = getattr(client, method)(address)
            seen += 1
            if 200 <= response.status_code < 300:
                opened.add(address)
    assert seen > 150
    assert opened <= {"/login/password/", "/login/passkey/", "/logout/", "/healthz", "/readyz"}
    assert "/login/password/" in opened


def test_one_code_is_good_once_and_no_older_one_after_it() -> None:
    person = accounts.user()
    app = make.app(person)
    with time_machine.travel(clock.now(), tick=False):
        now, before = make.code_of(app), make.code_of(app, steps=-1)
        assert is_right(person, APP, now)
        assert not is_right(person, APP, now)
        assert not is_right(person, APP, before)
        assert is_right(person, APP, make.code_of(app, steps=1))


@pytest.mark.parametrize(("seconds", "good"), [(-29, True), (29, True), (-95, False), (95, False)])
def test_a_clock_may_be_a_little_off(seconds: int, good: bool) -> None:
    person = accounts.user()
    app = make.app(person)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        code = make.code_of(app)
        traveller.shift(timedelta(seconds=seconds))
        assert is_right(person, APP, code) is good


def test_a_used_step_stays_used_when_the_clock_goes_back() -> None:
    person = accounts.user()
    app = make.app(person)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        used = make.code_of(app)
        assert is_right(person, APP, used)
        traveller.shift(timedelta(minutes=-10))
        assert not is_right(person, APP, make.code_of(app))
        traveller.shift(timedelta(minutes=10))
        assert not is_right(person, APP, used)


def test_ten_wrong_codes_over_all_devices_close_the_second_factor_for_a_day() -> None:
    person = accounts.user()
    phone, computer = make.app(person), make.device(person, Kind.APP_COMPUTER)
    make.device(person, Kind.EMAIL)
    choices = [APP, Choice("app_computer"), Choice("email"), Choice("one_time")]
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for number in range(10):
            assert not is_right(person, choices[number % 4], wrong(phone))
        assert not is_right(person, APP, make.code_of(phone))
        traveller.shift(timedelta(hours=23, minutes=59))
        assert not is_right(person, Choice("app_computer"), make.code_of(computer))
        traveller.shift(timedelta(minutes=2))
        assert is_right(person, APP, make.code_of(phone))
    assert OutboxMessage.objects.filter(name="second_factor_locked").count() == 1
    assert AuditEntry.objects.filter(tag="session:second_factor_lock").count() == 1
    failures = AuditEntry.objects.filter(tag="session:second_factor_failed")
    assert failures.filter(reason__endswith="not_evaluated").count() == 2
    assert failures.count() == 12


def test_right_codes_do_not_wear_the_limit_off_and_wrong_ones_stay_counted() -> None:
    person = accounts.user()
    app = make.app(person)
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for _ in range(30):
            assert is_right(person, APP, make.code_of(app))
            traveller.shift(timedelta(days=1))
        for _ in range(9):
            assert not is_right(person, APP, wrong(app))
        assert is_right(person, APP, make.code_of(app))
        assert not is_right(person, APP, wrong(app))
        traveller.shift(timedelta(minutes=1))
        assert not is_right(person, APP, make.code_of(app))


def test_a_help_desk_can_open_it_again() -> None:
    person = accounts.user()
    app = make.app(person)
    for _ in range(10):
        assert not is_right(person, APP, wrong(app))
    second_factor.unlock(user=person)
    assert is_right(person, APP, make.code_of(app))


def test_a_code_is_good_for_its_own_person_and_device_only() -> None:
    person, other = accounts.user(), accounts.user()
    text, email = make.device(person, Kind.TEXT), make.device(person, Kind.EMAIL)
    make.device(other, Kind.TEXT)
    code = codes.readable(codes.send(user=person, device=text))
    assert not is_right(other, Choice("text"), code)
    assert not is_right(person, Choice("email"), code)
    assert is_right(person, Choice("text", text.pk), code)
    assert not is_right(person, Choice("text"), code)
    mailed = codes.readable(codes.send(user=person, device=email))
    person.email = "another@people.example"
    person.clean()
    person.save()
    assert not is_right(person, Choice("email"), mailed)


def test_a_code_for_a_number_that_was_changed_meanwhile_is_dead() -> None:
    person = accounts.user()
    text = make.device(person, Kind.TEXT)
    code = codes.readable(codes.send(user=person, device=text))
    MFADevice.objects.filter(pk=text.pk).update(phone="+14105550188")
    assert not is_right(person, Choice("text"), code)


def test_codes_expire_and_a_new_one_kills_the_old() -> None:
    person = accounts.user()
    text = make.device(person, Kind.TEXT)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        first = codes.readable(codes.send(user=person, device=text))
        traveller.shift(timedelta(seconds=61))
        second = codes.readable(codes.send(user=person, device=text))
        assert first != second
        assert not is_right(person, Choice("text"), first)
        traveller.shift(timedelta(minutes=10))
        assert not is_right(person, Choice("text"), second)


def test_thirty_clicks_send_one_code_a_minute_and_five_an_hour() -> None:
    person = accounts.user()
    text = make.device(person, Kind.TEXT)
    reasons: list[str] = []

    def click() -> None:
        try:
            codes.send(user=person, device=text)
        except Refusal as refusal:
            reasons.append(refusal.reason)

    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(30):
            click()
            traveller.shift(timedelta(seconds=2))
        assert MailboxMessage.objects.count() == 1
        assert set(reasons) == {Reason.CODE_TOO_SOON}
        for _ in range(10):
            traveller.shift(timedelta(seconds=61))
            click()
        assert MailboxMessage.objects.count() == 5
        assert reasons[-1] == Reason.CODE_TOO_MANY
        traveller.shift(timedelta(hours=1))
        click()
    assert MailboxMessage.objects.count() == 6


def test_thirty_clicks_on_the_page_send_no_more(client: Client) -> None:
    person = accounts.user()
    make.device(person, Kind.TEXT)

    def click() -> Any:
        return post(client, device_type="text", action="send")

    with time_machine.travel(clock.now(), tick=False) as traveller:
        halfway(client, person)
        for _ in range(30):
            click()
            traveller.shift(timedelta(seconds=2))
        assert MailboxMessage.objects.count() == 1
        for _ in range(9):
            traveller.shift(timedelta(seconds=61))
            halfway(client, person)  # the password is asked for again after ten minutes
            answer = click()
        assert not is_signed_in(client)
    assert MailboxMessage.objects.count() == 5
    assert "Five codes were sent within the hour." in answer.content.decode()


def test_what_is_stored_of_a_code_or_seed_cannot_be_read() -> None:
    person = accounts.user()
    app = make.app(person)
    one_time = codes.issue_one_time(user=person)
    _device, texts = make.recovery_codes(person)
    stored = str(list(SecurityCode.objects.values())) + str(list(MFADevice.objects.values()))
    assert codes.readable(one_time) not in stored
    assert not any(text in stored or text.replace("-", "") in stored for text in texts)
    assert sealing.unseal(app.seed).hex() not in stored


def test_a_seed_sealed_with_another_secret_proves_nothing(settings: Any) -> None:
    person = accounts.user()
    app = make.app(person)
    code = make.code_of(app)
    settings.ANSWER_PEPPER = "another-secret-0123456789-0123456789-0123456789"
    assert not is_right(person, APP, code)


def test_a_removed_device_weakens_the_session_at_once() -> None:
    person, agent = accounts.user(), accounts.user()
    app = make.app(person)
    client = cast.client_of(person)
    PortalSession.objects.filter(user=person).update(device=app, factor="app_phone")
    device_changes.remove(user=person, device_id=app.pk, actor=agent, reason="Phone lost.")
    answer = client.get(reverse("accounts:profile"))
    assert answer["Location"].startswith(reverse("accounts:login"))
    person.refresh_from_db()
    assert (person.has_mfa, person.has_strong_factor) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_tries_at_once_with_one_code_one_is_right() -> None:
    person = accounts.user()
    app = make.app(person)
    with time_machine.travel(clock.now(), tick=False):
        code = make.code_of(app)

        def attempt(_number: int) -> bool:
            try:
                return is_right(person, APP, code)
            finally:
                connection.close()

        with ThreadPoolExecutor(20) as threads:
            results = list(threads.map(attempt, range(20)))
    assert results.count(True) == 1


def test_a_judge_that_finds_a_factor_gives_the_attempt_back() -> None:
    person = accounts.user()
    for _ in range(20):
        factor = second_factor.verify_with(
            user=person, kind="passkey", judge=lambda: Factor("passkey", Strength.STRONG)
        )
        assert factor.strength == Strength.STRONG
