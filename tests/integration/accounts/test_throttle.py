"""The counter of attempts: who gets a place, for how long it closes, and what is forgotten."""

import datetime as dt
import hmac
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

import clock
from accounts.models import ThrottleCounter
from accounts.services import throttle
from accounts.services.throttle import Bucket, Purpose

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
WINDOW, LOCK = dt.timedelta(minutes=10), dt.timedelta(minutes=60)


class Time:
    """The time that the counter sees; tests move it."""

    def __init__(self) -> None:
        self.now = START

    def go(self, by: dt.timedelta) -> None:
        self.now += by


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """It is noon."""
    time = Time()
    monkeypatch.setattr(clock, "now", lambda: time.now)
    return time


def bucket(limit: int = 3, purpose: Purpose = Purpose.PASSWORD_STRANGER, name: str = "") -> Bucket:
    return Bucket(purpose, name or uuid.uuid4().hex, limit, WINDOW, LOCK)


def attempt(one: Bucket) -> throttle.Reservation:
    return throttle.reserve([one])[one.purpose]


def row(one: Bucket) -> Any:
    return ThrottleCounter.objects.get(purpose=one.purpose, key_hash=one.key_hash)


def test_exactly_the_limit_finds_it_open(time: Time) -> None:
    one = bucket(3)
    places = [attempt(one) for _ in range(6)]

    assert [place.attempt for place in places] == [1, 2, 3, 4, 4, 4]
    assert [place.is_open for place in places] == [True, True, True, False, False, False]
    assert [place.is_last for place in places] == [False, False, True, False, False, False]
    assert [place.closed_until for place in places] == [None, None, *[START + LOCK] * 4]
    assert {place.limit for place in places} == {3}


def test_trying_on_does_not_lengthen_the_lock(time: Time) -> None:
    one = bucket(1)
    assert attempt(one).closed_until == START + LOCK
    time.go(LOCK / 2)
    assert attempt(one).closed_until == START + LOCK
    assert not attempt(one).is_open


def test_it_opens_at_the_end_of_the_lock_and_not_before(time: Time) -> None:
    one = bucket(1)
    attempt(one)
    time.go(LOCK - SECOND)
    assert not attempt(one).is_open
    time.go(SECOND)
    assert attempt(one) == throttle.Reservation(1, 1, START + 2 * LOCK)


def test_a_window_begins_with_its_first_attempt(time: Time) -> None:
    one = bucket(3)
    attempt(one)
    time.go(WINDOW - SECOND)
    assert attempt(one).attempt == 2
    time.go(SECOND)
    assert attempt(one).attempt == 1
    assert row(one).window_started_at == START + WINDOW
    time.go(WINDOW - SECOND)
    assert attempt(one).attempt == 2


def test_several_buckets_in_one_statement(time: Time, django_assert_num_queries: Any) -> None:
    narrow, wide = bucket(1), bucket(5, Purpose.PASSWORD_ADDRESS)
    with django_assert_num_queries(1):
        throttle.reserve([narrow, wide])
    places = throttle.reserve([narrow, wide])

    assert places[Purpose.PASSWORD_STRANGER] == throttle.Reservation(2, 1, START + LOCK)
    assert places[Purpose.PASSWORD_ADDRESS] == throttle.Reservation(2, 5, None)


def test_the_name_is_kept_as_a_keyed_digest() -> None:
    one = bucket(name="avery")
    message = b"throttle:password_stranger:avery"
    expected = hmac.digest(settings.SECRET_KEY.encode(), message, "sha256").hex()

    assert one.key_hash == expected
    assert bucket(name="avery", purpose=Purpose.PASSWORD_KNOWN).key_hash != expected
    # Whatever was typed has a digest, half a character too.
    assert len(bucket(name="\ud800").key_hash) == 64


def test_one_bucket_in_one_word(time: Time) -> None:
    one = bucket(1)
    assert throttle.is_allowed(one) is True
    assert throttle.is_allowed(one) is False


def test_until_when_it_is_closed_counts_nothing(time: Time) -> None:
    one = bucket(2)
    assert throttle.closed_until(one) is None
    attempt(one)
    assert throttle.closed_until(one) is None
    attempt(one)
    assert throttle.closed_until(one) == START + LOCK
    time.go(LOCK - SECOND)
    assert throttle.closed_until(one) == START + LOCK
    time.go(SECOND)
    assert throttle.closed_until(one) is None
    assert row(one).attempts == 2


def neighbours(one: Bucket) -> list[Bucket]:
    """Another name, and another purpose whose row has the same digest."""
    other = bucket(one.limit)
    attempt(other)
    twin = bucket(one.limit, Purpose.PASSWORD_KNOWN, name=one.name)
    attempt(twin)
    ThrottleCounter.objects.filter(purpose=twin.purpose, key_hash=twin.key_hash).update(
        key_hash=one.key_hash
    )
    return [other]


def test_clearing_forgets_one_bucket_only(time: Time) -> None:
    one = bucket(1)
    (other,) = neighbours(one)
    attempt(one)
    throttle.clear(one)

    assert attempt(one) == throttle.Reservation(1, 1, START + LOCK)
    assert row(other).attempts == 1
    assert ThrottleCounter.objects.filter(key_hash=one.key_hash).count() == 2


def test_only_the_own_bucket_is_asked(time: Time) -> None:
    one = bucket(1)
    neighbours(one)
    assert throttle.closed_until(one) is None


def test_giving_back_opens_again(time: Time) -> None:
    one = bucket(2)
    (other,) = neighbours(one)
    attempt(one)
    attempt(one)
    throttle.give_back(one)

    assert throttle.closed_until(one) is None
    assert row(one).attempts == 1
    assert row(other).attempts == 1
    twin = ThrottleCounter.objects.get(purpose=Purpose.PASSWORD_KNOWN, key_hash=one.key_hash)
    assert twin.attempts == 1
    assert attempt(one).is_last


@pytest.mark.parametrize("by_settling", [False, True])
def test_those_refused_meanwhile_keep_nothing_closed(time: Time, by_settling: bool) -> None:
    one = bucket(3)
    judged_wrong_wrong_right_and_refused = [attempt(one) for _ in range(4)]
    assert not judged_wrong_wrong_right_and_refused[-1].is_open

    if by_settling:
        account = bucket(3, Purpose.PASSWORD_KNOWN)
        attempt(account)
        throttle.settle(account, [one])
        assert not ThrottleCounter.objects.filter(key_hash=account.key_hash).exists()
    else:
        throttle.give_back(one)

    assert row(one).attempts == 2
    assert throttle.closed_until(one) is None
    last = attempt(one)
    assert last.is_open
    assert last.is_last
    assert throttle.closed_until(one) == START + LOCK


def test_nothing_is_given_back_twice(time: Time) -> None:
    one = bucket(5)
    attempt(one)
    throttle.give_back(one)
    throttle.give_back(one)
    assert row(one).attempts == 0


def test_long_over_counters_are_deleted_and_no_others(time: Time) -> None:
    over, locked, fresh = bucket(5), bucket(1), bucket(5)
    attempt(over)
    attempt(locked)
    time.go(dt.timedelta(days=2))
    attempt(fresh)
    assert throttle.delete_stale() == 0

    time.go(SECOND)
    assert throttle.delete_stale() == 1
    assert not ThrottleCounter.objects.filter(key_hash=over.key_hash).exists()
    time.go(LOCK - SECOND)
    assert throttle.delete_stale() == 0
    time.go(SECOND)
    assert throttle.delete_stale() == 1
    assert not ThrottleCounter.objects.filter(key_hash=locked.key_hash).exists()
    assert row(fresh).attempts == 1


def test_a_long_lock_outlives_its_window(time: Time) -> None:
    one = Bucket(Purpose.PROOFING, uuid.uuid4().hex, 1, WINDOW, dt.timedelta(days=9))
    attempt(one)
    time.go(dt.timedelta(days=8))
    assert throttle.delete_stale() == 0
    assert not attempt(one).is_open


@pytest.mark.parametrize("counted", [False, True])
def test_settling_waits_for_no_disk(counted: bool, time: Time) -> None:
    account, address = bucket(), bucket(purpose=Purpose.PASSWORD_ADDRESS)
    if counted:
        ThrottleCounter.objects.create(
            purpose=account.purpose, key_hash=account.key_hash, attempts=2, window_started_at=START
        )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")  # the servers of tests never wait
    throttle.settle(account, [address])
    assert _waits_for_the_disk() == "off"


def _waits_for_the_disk() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (found,) = cursor.fetchone()
    return str(found)
