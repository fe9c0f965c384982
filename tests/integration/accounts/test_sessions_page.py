"""The page of open sessions: what it lists, and ending one or all others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

import clock
from accounts.models import PortalSession, User
from accounts.reasons import Reason
from accounts.services import session_ending
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast

pytestmark = pytest.mark.django_db

PAGE = "/profile/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def session_of(user: User, **fields: object) -> tuple[Client, PortalSession]:
    """A further browser of somebody, and its row."""
    client = Client()
    row = cast.sign_in(client, user)
    PortalSession.objects.filter(pk=row.pk).update(**fields)
    return client, row


def is_in(client: Client) -> bool:
    """Whether a signed-in page opens."""
    return client.get("/profile/").status_code == 200


def test_each_open_session_is_told_in_plain_words() -> None:
    user = cast.assister()
    session_of(user, user_agent=PHONE, address="203.0.113.9")
    client, _row = session_of(user, user_agent=WINDOWS, address="10.1.2.3")

    page = client.get(PAGE).content.decode()

    assert "Safari on iPhone" in page
    assert "203.0.113.9 (the internet)" in page
    assert "Firefox on Windows" in page
    assert "10.1.2.3 (a private network)" in page
    assert page.index("Firefox on Windows") < page.index("Safari on iPhone")
    assert page.count("This browser") == 1
    assert page.count("End Session") == 1


class Atlas:
    """A map of a site that finds every address in one town."""

    def place_of(self, address: str) -> str:
        return "<b>Baltimore</b>" if address else ""


def test_places_are_told_where_a_site_brings_a_map_and_else_the_page_says_why_not() -> None:
    user = cast.assister()
    session_of(user, address="203.0.113.9")
    client, _row = session_of(user, address="10.1.2.3")
    pages = (PAGE, "/profile/history/")

    for path in pages:
        assert "no map of network addresses" in client.get(path).content.decode()
    with override_settings(PLACE_OF_ADDRESS=f"{__name__}.Atlas"):
        for path in pages:
            page = client.get(path).content.decode()
            assert "203.0.113.9 (&lt;b&gt;Baltimore&lt;/b&gt;)" in page
            assert "10.1.2.3 (a private network)" in page
            assert "The place is that" in page or "the place is that" in page
            assert "no map of network addresses" not in page


@pytest.mark.parametrize(
    "over",
    [
        {"ended_at": clock.now(), "end_reason": PortalSession.End.SIGNED_OUT},
        {"last_activity_at": clock.now() - settings.SESSION_IDLE_LIMIT - timedelta(minutes=2)},
        {"created_at": clock.now() - settings.SESSION_ABSOLUTE_LIMIT},
        {"security_version": 0},
    ],
    ids=["ended", "idle", "too old", "of before a security change"],
)
def test_what_is_over_is_not_listed(over: dict[str, object]) -> None:
    user = cast.assister()
    session_of(user, **over)

    page = cast.client_of(user).get(PAGE)

    assert len(page.context["rows"]) == 1
    assert "You are logged in nowhere else." in page.content.decode()


def test_ending_one_bites_at_its_next_request() -> None:
    user = cast.assister()
    other, row = session_of(user, user_agent=PHONE)
    third, _row = session_of(user)
    client = cast.client_of(user)

    answer = client.post(PAGE, {"end": row.pk}, follow=True)

    assert "1 session was ended." in answer.content.decode()
    assert (is_in(other), is_in(third), is_in(client)) == (False, True, True)
    row.refresh_from_db()
    assert row.end_reason == PortalSession.End.BY_OWNER
    entry = AuditEntry.objects.get(tag="session:end")
    assert (entry.actor, entry.target_id, entry.reason) == (user, str(row.pk), "by_owner")
    mail = OutboxMessage.objects.get(name="account_sessions_ended")
    assert mail.to == user.email
    assert "Safari on iPhone" in mail.body_text


def test_all_others_end_and_this_one_stays() -> None:
    user = cast.assister()
    others = [session_of(user)[0] for _ in range(2)]
    stranger = cast.client_of(cast.stranger())
    client = cast.client_of(user)

    answer = client.post(PAGE, {"end": "others"}, follow=True)

    assert "2 sessions were ended." in answer.content.decode()
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(client)
    assert is_in(stranger)
    assert AuditEntry.objects.filter(tag="session:end").count() == 2
    assert OutboxMessage.objects.filter(name="account_sessions_ended").count() == 1


def test_without_others_nothing_is_recorded_or_mailed() -> None:
    client = cast.client_of(cast.assister())

    answer = client.post(PAGE, {"end": "others"}, follow=True)

    assert "There was no other session to end." in answer.content.decode()
    assert not AuditEntry.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_the_session_of_somebody_else_does_not_exist() -> None:
    stranger, row = session_of(cast.stranger())

    answer = cast.client_of(cast.assister()).post(PAGE, {"end": row.pk})

    assert answer.status_code == 404
    assert is_in(stranger)


@pytest.mark.parametrize("end", ["", "0", "-1", "9" * 30, "abc", "others2", "1 OR 1=1"])
def test_what_names_no_session_does_not_exist(end: str) -> None:
    assert cast.client_of(cast.assister()).post(PAGE, {"end": end}).status_code == 404


def test_the_own_session_is_ended_by_logging_out_only() -> None:
    client = Client()
    row = cast.sign_in(client, cast.assister())

    assert client.post(PAGE, {"end": row.pk}).status_code == 404
    assert is_in(client)


def test_a_session_that_ended_meanwhile_is_told_so() -> None:
    user = cast.assister()
    _other, row = session_of(user)
    client = cast.client_of(user)
    client.post(PAGE, {"end": row.pk})

    answer = client.post(PAGE, {"end": row.pk}, follow=True)

    assert "This session had ended already." in answer.content.decode()
    assert AuditEntry.objects.filter(tag="session:end").count() == 1


def test_ending_asks_for_a_fresh_sign_in_and_leads_back() -> None:
    user = cast.assister()
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as traveller:
        other, row = session_of(user)
        client = cast.client_of(user)
        traveller.shift(timedelta(minutes=5, seconds=1))

        assert client.get(PAGE).status_code == 200
        answer = client.post(PAGE, {"end": row.pk})

        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")
        assert is_in(other)


def test_the_list_costs_two_queries(django_assert_num_queries: object) -> None:
    user = cast.assister()
    for _ in range(2):
        session_of(user)
    client = cast.client_of(user)
    client.get(PAGE)
    with django_assert_num_queries(2):  # type: ignore[operator]
        client.get(PAGE)


@pytest.mark.django_db(transaction=True)
def test_ended_ten_times_at_once_is_one_end() -> None:
    user = cast.assister()
    _client, row = session_of(user)

    def end(_number: int) -> str:
        try:
            session_ending.end_one(user=user, session_id=row.pk)
        except Refusal as refusal:
            return str(refusal.reason)
        else:
            return "ended"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(end, range(10)))

    assert sorted(outcomes) == ["ended", *[str(Reason.SESSION_OVER)] * 9]
    assert AuditEntry.objects.filter(tag="session:end").count() == 1
    assert OutboxMessage.objects.count() == 1
