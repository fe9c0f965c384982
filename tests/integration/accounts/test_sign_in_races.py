"""Sign-in, activation and throttle with real threads on PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection, connections

import clock
from accounts.models import PortalSession, Registration, ThrottleCounter, User
from accounts.services import accounts as account_services
from accounts.services import activation, sessions, sign_in
from accounts.services import registration as registrations
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER_TOKEN = "token"


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(0..number-1)`` in threads that start together; refusals are results."""
    barrier = threading.Barrier(number)

    def run(index: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return work(index)
        except Refusal as refusal:
            return refusal.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.fixture
def visitor() -> sign_in.Browser:
    """A stranger's browser."""
    return sign_in.Browser(
        address="198.51.100.7",
        user_agent="",
        known_cookie="",
        replaced_token="",
        terms_accepted_at=clock.now(),
    )


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that were compared with a typed password."""
    compared: list[str] = []
    real = check_password

    def counting(password: str, encoded: str) -> bool:
        compared.append(encoded)
        return real(password, encoded)

    monkeypatch.setattr("accounts.services.sign_in.check_password", counting)
    return compared


def test_of_fifty_wrong_passwords_at_once_exactly_five_are_evaluated(
    visitor: sign_in.Browser, evaluated: list[str]
) -> None:
    user = cast.assister()

    outcomes = at_once(
        50,
        lambda index: sign_in.sign_in(user_id=user.user_id, password=f"x{index}", browser=visitor),
    )

    assert outcomes == ["not_signed_in"] * 50
    assert evaluated.count(user.password) == 5
    assert len(evaluated) == 50
    assert AuditEntry.objects.filter(tag="session:lock").count() == 1
    assert AuditEntry.objects.filter(tag="session:sign_in_failed").count() == 50
    assert OutboxMessage.objects.filter(name="account_locked").count() == 1


def test_parallel_sign_ins_leave_three_sessions(visitor: sign_in.Browser) -> None:
    user = cast.assister()

    outcomes = at_once(
        5,
        lambda _index: sign_in.sign_in(user_id=user.user_id, password=PASSWORD, browser=visitor),
    )

    assert all(isinstance(outcome, sign_in.SignedIn) for outcome in outcomes)
    assert PortalSession.objects.filter(user=user, ended_at=None).count() == 3
    assert not ThrottleCounter.objects.filter(purpose="password_stranger").exists()


def _register(email: str, user_id: str, browser_token: str = BROWSER_TOKEN) -> Registration:
    registrations.submit(
        person={"first_name": "Rowan", "last_name": "Ashford"},
        email=email,
        user_id=user_id,
        password=PASSWORD,
        challenge_answers={"athlete": "one", "artwork": "two", "dream_job": "three"},
        browser_token=browser_token,
        address="198.51.100.7",
        terms_accepted_at=clock.now(),
    )
    return Registration.objects.get(email=email, user_id=user_id, status="pending")


def test_of_two_activations_for_one_user_id_one_wins_and_the_other_may_choose() -> None:
    rows = [_register(f"p{number}@people.example", "Wanted.Name") for number in range(8)]

    outcomes = at_once(
        8,
        lambda index: activation.activate(
            registration_id=rows[index].pk,
            link_number=rows[index].link_number,
            browser_token=BROWSER_TOKEN,
        ),
    )

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert outcomes.count("user_id_taken") == 7
    loser = outcomes.index("user_id_taken")
    other = activation.activate(
        registration_id=rows[loser].pk,
        link_number=1,
        browser_token=BROWSER_TOKEN,
        user_id="another.name",
    )
    assert other.email == rows[loser].email


def test_one_link_pressed_twenty_times_at_once_makes_one_account() -> None:
    row = _register("p@people.example", "wanted.name")

    outcomes = at_once(
        20,
        lambda _index: activation.activate(
            registration_id=row.pk, link_number=1, browser_token=BROWSER_TOKEN
        ),
    )

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert outcomes.count("link_over") == 19
    assert OutboxMessage.objects.filter(name="account_activated").count() == 1


def test_two_registrations_of_one_address_opened_at_once_make_one_account() -> None:
    rows = [_register("p@people.example", f"name.{n}", f"browser {n}") for n in range(8)]

    outcomes = at_once(
        8,
        lambda index: activation.activate(
            registration_id=rows[index].pk, link_number=1, browser_token=f"browser {index}"
        ),
    )

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert outcomes.count("email_taken") == 7
    assert sorted(Registration.objects.values_list("status", flat=True)) == [
        "activated",
        *["superseded"] * 7,
    ]


def test_registering_one_address_at_once_in_one_browser_leaves_one_link() -> None:
    at_once(10, lambda index: _quietly(lambda: _register("p@people.example", f"name.{index:03}")))

    assert Registration.objects.filter(status="pending").count() == 1
    assert Registration.objects.count() == 10


def _quietly(work: Callable[[], Any]) -> None:
    try:
        work()
    except Registration.DoesNotExist:
        # A later one replaced it before it was read back.
        return


def test_closing_an_account_while_it_signs_in_leaves_no_session(visitor: sign_in.Browser) -> None:
    admin = cast.superuser()
    for number in range(10):
        user = accounts.user(f"racing.{number}")

        def work(index: int, user: User = user) -> Any:
            if index:
                return account_services.deactivate(user_id=user.pk, actor=admin, reason="race")
            return sign_in.sign_in(user_id=user.user_id, password=PASSWORD, browser=visitor)

        at_once(2, work)
        for session in PortalSession.objects.filter(user=user).select_related("user"):
            resumed = sessions.resume(token="unknown", user_pk=user.pk)
            assert resumed.session is None
            assert session.why_over(now=clock.now(), last_activity=clock.now()) is not None
