"""Sessions: idle, absolute, too many, ended elsewhere, closed account."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import PortalSession, User
from accounts.services import accounts, sessions
from accounts.tasks import sweep_sessions
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts as people
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

PROFILE = "/profile/"
NOON = "2026-03-02 17:00:00+00:00"


def is_in(client: Client) -> bool:
    """Whether a signed-in page opens."""
    return bool(client.get(PROFILE).status_code == 200)


def sign_in(user: User) -> Client:
    """Sign in by the pages, as somebody who has accepted the rules."""
    people.accept_rules(user)
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    response = client.post(reverse("accounts:password"), {"password": PASSWORD})
    assert response.status_code == 302
    return client


def test_a_session_lives_until_thirty_idle_minutes() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        for _ in range(3):
            traveller.shift(timedelta(minutes=29, seconds=59))
            assert is_in(client)
        traveller.shift(timedelta(minutes=30))
        assert not is_in(client)

    session = PortalSession.objects.get()
    assert session.end_reason == PortalSession.End.IDLE


def test_the_exact_minute_counts_although_the_database_learns_it_rarely() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        traveller.shift(timedelta(seconds=50))
        assert is_in(client)
        assert PortalSession.objects.get().last_activity_at == clock.now() - timedelta(seconds=50)
        traveller.shift(timedelta(minutes=29, seconds=55))
        assert is_in(client)


def test_without_the_cache_the_database_decides() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        traveller.shift(timedelta(minutes=10))
        assert is_in(client)
        cache.clear()
        traveller.shift(timedelta(minutes=29, seconds=59))
        assert is_in(client)
        cache.clear()
        traveller.shift(timedelta(minutes=30))
        assert not is_in(client)


def test_polling_does_not_keep_a_session_alive() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        for _ in range(2):
            traveller.shift(timedelta(minutes=14))
            assert client.get(PROFILE, headers={"X-Portal-Poll": "1"}).status_code == 200
        traveller.shift(timedelta(minutes=2))
        assert not is_in(client)


def test_twelve_hours_of_activity_are_the_end() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        for _ in range(12 * 4 - 1):
            traveller.shift(timedelta(minutes=15))
            assert is_in(client)
        traveller.shift(timedelta(minutes=14, seconds=59))
        assert is_in(client)
        traveller.shift(timedelta(seconds=1))
        assert not is_in(client)

    assert PortalSession.objects.get().end_reason == PortalSession.End.ABSOLUTE


def test_an_ended_session_explains_itself_and_leads_back() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        traveller.shift(timedelta(minutes=31))
        response = client.get(PROFILE, follow=True)

    assert response.request["PATH_INFO"] == reverse("accounts:terms")
    assert "no activity for 30 minutes" in response.content.decode()
    assert response.context["next"] == PROFILE


def test_a_public_page_with_a_dead_session_still_opens() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        client = sign_in(cast.assister())
        traveller.shift(timedelta(minutes=31))
        assert client.get(reverse("accounts:rules_of_behavior")).status_code == 200
        assert not is_in(client)


def test_the_fourth_session_ends_the_oldest_with_a_notice() -> None:
    user = cast.assister()
    with time_machine.travel(NOON, tick=False) as traveller:
        clients = []
        for _ in range(4):
            clients.append(sign_in(user))
            traveller.shift(timedelta(seconds=1))

        assert [is_in(client) for client in clients] == [False, True, True, True]
    assert OutboxMessage.objects.get(name="account_session_ended").to == user.email
    assert AuditEntry.objects.filter(tag="session:end", reason="too_many").count() == 1


def test_signing_in_again_replaces_the_session_of_this_browser() -> None:
    user = cast.assister()
    client = sign_in(user)
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    client.post(reverse("accounts:password"), {"password": PASSWORD})

    reasons = list(PortalSession.objects.order_by("id").values_list("end_reason", flat=True))
    assert reasons == ["replaced", ""]
    assert not OutboxMessage.objects.exists()
    assert is_in(client)


def test_logging_out_ends_the_session_for_a_copied_cookie_too() -> None:
    client = sign_in(cast.assister())
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_in(thief)

    response = client.post(reverse("accounts:logout"))

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(thief)
    assert not is_in(client)
    assert PortalSession.objects.get().end_reason == PortalSession.End.SIGNED_OUT
    assert AuditEntry.objects.filter(tag="session:sign_out").count() == 1


def test_logging_out_needs_a_post_of_our_own() -> None:
    user = cast.assister()
    client = Client(enforce_csrf_checks=True)
    cast.sign_in(client, user)

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).status_code == 403
    assert is_in(client)


def test_a_session_rebuilt_from_old_data_is_still_over() -> None:
    client = sign_in(cast.assister())
    kept = dict(client.session.items())
    client.post(reverse("accounts:logout"))
    session = client.session
    for name, value in kept.items():
        session[name] = value
    session.save()

    assert not is_in(client)


def test_closing_the_account_bites_on_the_next_request() -> None:
    user = cast.assister()
    client = sign_in(user)

    accounts.deactivate(user_id=user.pk, actor=cast.superuser(), reason="left")

    assert not is_in(client)


def test_a_security_change_bites_on_the_next_request() -> None:
    user = cast.assister()
    client = sign_in(user)

    User.objects.filter(pk=user.pk).update(security_version=user.security_version + 1)

    assert not is_in(client)


def test_a_session_cannot_be_used_for_another_person() -> None:
    client = sign_in(cast.assister())
    session = client.session
    session["_auth_user_id"] = str(cast.superuser().pk)
    session.save()

    assert not is_in(client)


def test_the_log_says_how_sure_the_portal_was() -> None:
    user = cast.proofed(cast.assister())
    sign_in(user).post(reverse("accounts:logout"))

    assert AuditEntry.objects.get(tag="session:sign_out").assurance == "IAL2/AAL1"


def test_signed_in_pages_are_not_stored() -> None:
    response = sign_in(cast.assister()).get(PROFILE)

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_who_is_signed_in_costs_one_statement(django_assert_num_queries: Any) -> None:
    client = sign_in(cast.assister())
    client.get(PROFILE)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("accounts:rules_of_behavior"))

    # The question about the session; it was planned before and goes by its name.
    assert len(queries) == 1
    assert not [query for query in queries if "UPDATE" in query["sql"]]


def test_a_database_that_is_away_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(cast.assister())
    client.raise_request_exception = False

    def away(**kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("accounts.services.sessions.resume", away)

    response = client.get(PROFILE)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"


def test_the_sweep_marks_what_nobody_came_back_to() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        sign_in(cast.assister())
        old = PortalSession.objects.get()
        traveller.shift(timedelta(minutes=20))
        sign_in(cast.end_user())
        traveller.shift(timedelta(minutes=11, seconds=1))

        assert sweep_sessions() == 1
        assert sweep_sessions() == 0

    old.refresh_from_db()
    assert old.end_reason == PortalSession.End.IDLE
    assert PortalSession.objects.filter(ended_at=None).count() == 1


def test_the_sweep_works_in_batches() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        for number in range(7):
            cast.sign_in(Client(), people.user(f"person.sweep{number}"))
        traveller.shift(timedelta(hours=13))

        assert sessions.sweep(batch=3) == 7
    assert set(PortalSession.objects.values_list("end_reason", flat=True)) == {"absolute"}


def test_the_registry_keeps_no_usable_token() -> None:
    client = sign_in(cast.assister())
    token = client.session[sessions.SESSION_TOKEN]

    assert token not in str(PortalSession.objects.values().get())
    assert client.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    assert client.cookies[settings.SESSION_COOKIE_NAME]["samesite"] == "Lax"
    known = next(name for name in client.cookies if name.startswith("known-"))
    assert client.cookies[known]["httponly"]


def test_sensitive_pages_ask_again_when_the_sign_in_is_old() -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    from accounts.access import recent_sign_in

    view = recent_sign_in(minutes=5)(lambda request: HttpResponse("done"))
    user = cast.assister()
    with time_machine.travel(NOON, tick=False) as traveller:
        request = RequestFactory().get("/devices/?page=2")
        request.user = user
        request.portal_session = cast.sign_in(Client(), user)  # type: ignore[attr-defined]
        assert view(request).status_code == 200
        traveller.shift(timedelta(minutes=5, seconds=1))
        response = view(request)

    assert response.status_code == 302
    assert response["Location"] == "/login/again/?next=/devices/%3Fpage%3D2"
