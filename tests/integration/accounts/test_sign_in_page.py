"""Signing in by the pages: two steps, one neutral answer, a new session."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import PortalSession, TermsAcceptance, User
from accounts.services import known_browsers
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.integration.accounts.conftest import CREDENTIALS, Registering
from tests.integration.accounts.neutral import visible

pytestmark = pytest.mark.django_db

NEUTRAL = "We could not log you in."


def begin(client: Client, user_id: str, next_page: str = "") -> None:
    """Accept the terms and type the User ID."""
    client.post(reverse("accounts:terms"), {"decision": "accept", "next": next_page})
    response = client.post(reverse("accounts:login"), {"user_id": user_id})
    assert response["Location"] == reverse("accounts:password")


def attempt(client: Client, user_id: str, password: str, **extra: Any) -> Any:
    """Sign in, or try to."""
    begin(client, user_id)
    return client.post(reverse("accounts:password"), {"password": password}, **extra)


def test_the_right_password_opens_a_session() -> None:
    user = accounts.accept_rules(cast.assister())
    client = Client(HTTP_USER_AGENT="Firefox")

    response = attempt(client, "assister.avery", accounts.PASSWORD)

    assert response.status_code == 302
    assert response["Location"] == reverse("access_requests:welcome")
    session = PortalSession.objects.get(user=user)
    assert session.ended_at is None
    assert session.user_agent == "Firefox"
    assert session.address == "127.0.0.1"
    user.refresh_from_db()
    assert user.last_sign_in_at == session.created_at
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_acceptance_of_the_terms_is_recorded_with_version_time_and_address() -> None:
    user = cast.assister()
    before = clock.now()

    attempt(Client(), user.user_id, accounts.PASSWORD)

    accepted = TermsAcceptance.objects.get(user=user)
    assert accepted.document == TermsAcceptance.Document.TERMS
    assert accepted.version == settings.TERMS_VERSION
    assert before <= accepted.accepted_at <= clock.now()
    assert accepted.address == "127.0.0.1"


@pytest.mark.parametrize("typed", ["ASSISTER.AVERY", " assister.avery ", "assister\u200b.avery"])
def test_any_spelling_of_the_user_id_signs_in(typed: str) -> None:
    cast.assister()

    assert attempt(Client(), typed, accounts.PASSWORD).status_code == 302


def test_unknown_wrong_closed_unverified_and_locked_look_the_same() -> None:
    cast.assister()
    cast.stranger(is_active=False)
    Registering().whole()
    locked = cast.end_user()
    for _ in range(settings.SIGN_IN_FAILURE_LIMIT):
        attempt(Client(), locked.user_id, "wrong")

    answers = [
        visible(attempt(Client(), user_id, password), user_id)
        for user_id, password in (
            ("assister.avery", "wrong"),
            ("nobody.knows", accounts.PASSWORD),
            ("stranger.sam", accounts.PASSWORD),
            (CREDENTIALS["user_id"], CREDENTIALS["password"]),
            (locked.user_id, accounts.PASSWORD),
        )
    ]

    assert answers[0].status == 200
    assert NEUTRAL in answers[0].body
    assert answers == answers[:1] * 5


def test_the_sixth_try_is_refused_even_when_right_until_the_hour_is_over() -> None:
    user = cast.assister()
    with time_machine.travel("2026-03-02 12:00:00+00:00", tick=False) as traveller:
        for _ in range(5):
            assert attempt(Client(), user.user_id, "wrong").status_code == 200
        assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 200
        traveller.shift(timedelta(minutes=59, seconds=59))
        assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 200
        traveller.shift(timedelta(seconds=2))
        assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 302

    assert AuditEntry.objects.filter(tag="session:lock").count() == 1
    mail = OutboxMessage.objects.get(name="account_locked")
    assert mail.to == user.email
    assert "locked until March 2, 2026, 8 a.m. EST and then" in mail.body_text


def test_failures_older_than_the_window_are_forgotten() -> None:
    user = cast.assister()
    with time_machine.travel("2026-03-02 12:00:00+00:00", tick=False) as traveller:
        for _ in range(4):
            attempt(Client(), user.user_id, "wrong")
        traveller.shift(timedelta(minutes=120))
        for _ in range(4):
            attempt(Client(), user.user_id, "wrong")
        assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 302


def test_strangers_cannot_lock_out_a_known_browser() -> None:
    user = cast.assister()
    known = Client()
    assert attempt(known, user.user_id, accounts.PASSWORD).status_code == 302
    known.post(reverse("accounts:logout"))
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    begin(stranger, user.user_id)
    for _ in range(200):
        answer = stranger.post(reverse("accounts:password"), {"password": "wrong"})
        assert answer.status_code in {200, 429}

    assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 200
    assert attempt(known, user.user_id, accounts.PASSWORD).status_code == 302


def test_a_known_browser_has_a_limit_of_its_own() -> None:
    user = cast.assister()
    known = Client()
    attempt(known, user.user_id, accounts.PASSWORD)
    known.post(reverse("accounts:logout"))
    for _ in range(5):
        attempt(known, user.user_id, "wrong")

    assert attempt(known, user.user_id, accounts.PASSWORD).status_code == 200
    assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 302


def test_a_known_browser_is_forgotten_with_the_password() -> None:
    user = cast.assister()
    known = Client()
    attempt(known, user.user_id, accounts.PASSWORD)
    known.post(reverse("accounts:logout"))
    user.set_password("Another-Quay-2027-xyz")
    user.save()
    for _ in range(5):
        attempt(Client(), user.user_id, "wrong")

    assert attempt(known, user.user_id, "Another-Quay-2027-xyz").status_code == 200


def test_the_address_limit_answers_without_hashing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGN_IN_ADDRESS_LIMIT = 1
    attempt(Client(), "nobody.1", "wrong")
    monkeypatch.setattr("accounts.services.sign_in.check_password", _must_not_run)

    assert attempt(Client(), "nobody.2", "wrong").status_code == 429


def _must_not_run(*args: Any) -> bool:
    raise AssertionError("a hash was computed")


def test_a_known_browser_is_exempt_from_the_limit_of_its_address(settings: Any) -> None:
    user = cast.assister()
    known = Client()
    attempt(known, user.user_id, accounts.PASSWORD)
    known.post(reverse("accounts:logout"))
    settings.SIGN_IN_ADDRESS_LIMIT = 1
    attempt(Client(), "nobody.1", "wrong")

    assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 429
    assert attempt(known, user.user_id, accounts.PASSWORD).status_code == 302


def test_a_known_browsers_cookie_is_good_for_its_own_account_only() -> None:
    user, other = cast.assister(), cast.end_user()
    known = Client()
    attempt(known, user.user_id, accounts.PASSWORD)
    name, cookie = next(pair for pair in known.cookies.items() if pair[0].startswith("known-"))
    thief = Client()
    thief.cookies[known_browsers.cookie_name(other.user_id)] = cookie.value
    forger = Client()
    forger.cookies[name] = cookie.value + "x"
    for _ in range(5):
        attempt(thief, other.user_id, "wrong")
        attempt(forger, user.user_id, "wrong")

    for locked in (user, other):
        assert attempt(Client(), locked.user_id, accounts.PASSWORD).status_code == 200


def test_success_gives_the_address_its_attempt_back(settings: Any) -> None:
    settings.SIGN_IN_ADDRESS_LIMIT = 2
    cast.assister()
    for _ in range(5):
        assert attempt(Client(), "assister.avery", accounts.PASSWORD).status_code == 302


@pytest.mark.parametrize("password", ["x" * 129, "x" * 1_000_000])
def test_an_impossible_password_is_refused_unhashed_and_counted(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = cast.assister()
    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.sign_in.check_password", _must_not_run)
        for _ in range(5):
            response = attempt(Client(), user.user_id, password)
            assert response.status_code == 400
            assert NEUTRAL in response.content.decode()

    assert attempt(Client(), user.user_id, accounts.PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "password", [" Leading and trailing 1 ", "Ünïcödé 🚲 lantern 9", "A1" + "b" * 126]
)
def test_a_password_works_exactly_as_typed(password: str) -> None:
    user = cast.assister(password=password)

    assert attempt(Client(), user.user_id, password.strip() + "x").status_code != 302
    assert attempt(Client(), user.user_id, password).status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1",
        "/%5cevil.example",
        "https://localhost@evil.example",
        "\t//evil.example",
    ],
)
def test_next_never_leaves_the_portal(wanted: str) -> None:
    user = cast.assister()
    client = Client()
    client.get(reverse("accounts:login"), {"next": wanted})
    client.get(reverse("accounts:terms"), {"next": wanted})
    begin(client, user.user_id, wanted)

    response = client.post(
        reverse("accounts:password"), {"password": accounts.PASSWORD, "next": wanted}
    )

    assert response["Location"] == reverse("access_requests:welcome")


def test_next_leads_back_to_the_page_wanted() -> None:
    user = cast.assister()
    client = Client()
    page = reverse("accounts:profile")

    to_login = client.get(page)
    assert to_login["Location"] == f"{reverse('accounts:login')}?next={page}"
    to_terms = client.get(to_login["Location"])
    assert to_terms["Location"].startswith(reverse("accounts:terms"))
    form = client.get(to_terms["Location"])
    begin(client, user.user_id, form.context["next"])
    response = client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})

    assert response["Location"] == page


def test_steps_cannot_be_skipped() -> None:
    client = Client()
    assert client.get(reverse("accounts:login"))["Location"] == reverse("accounts:terms")
    assert client.post(reverse("accounts:password"), {"password": "x"})["Location"] == reverse(
        "accounts:terms"
    )
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    assert client.post(reverse("accounts:password"), {"password": "x"})["Location"] == reverse(
        "accounts:login"
    )
    assert not AuditEntry.objects.exists()


def test_declining_the_terms_cancels_the_sign_in() -> None:
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})

    response = client.post(reverse("accounts:terms"), {"decision": "decline"}, follow=True)

    assert "the login was cancelled" in response.content.decode()
    assert client.get(reverse("accounts:login"))["Location"] == reverse("accounts:terms")


def test_terms_are_asked_again_after_an_hour() -> None:
    client = Client()
    with time_machine.travel("2026-03-02 12:00:00+00:00", tick=False) as traveller:
        client.post(reverse("accounts:terms"), {"decision": "accept"})
        traveller.shift(timedelta(hours=1, seconds=1))
        assert client.get(reverse("accounts:login"))["Location"] == reverse("accounts:terms")


def test_the_session_key_and_the_csrf_secret_change_at_sign_in() -> None:
    user = cast.assister()
    client = Client()
    begin(client, user.user_id)
    client.get(reverse("accounts:password"))
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    csrf = client.cookies[settings.CSRF_COOKIE_NAME].value

    client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != csrf
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = before
    assert old.get(reverse("accounts:profile")).status_code == 302


def test_the_password_step_takes_six_statements(django_assert_num_queries: Any) -> None:
    user = cast.assister()
    client = Client()
    begin(client, user.user_id)
    attempt(Client(), "warm.up", "x")

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 6, "\n".join(statements)


def test_a_disabled_person_cannot_sign_in() -> None:
    cast.assister(is_active=False)

    assert attempt(Client(), "assister.avery", accounts.PASSWORD).status_code == 200
    assert not PortalSession.objects.exists()
    assert User.objects.get().last_sign_in_at is None
