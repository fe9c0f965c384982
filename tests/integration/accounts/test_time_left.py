"""How long a session goes on: what the script of the warning is told, and going on with it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import PortalSession, TermsAcceptance
from audit.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db

TIME_LEFT = "/session/"
WELCOME = "/welcome/"
POLL = {"X-Portal-Poll": "session"}
HALF_AN_HOUR = 1800


@pytest.fixture
def traveller() -> Iterator[Any]:
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as moving:
        yield moving


def look(client: Client) -> dict[str, Any]:
    """Ask the way the script does."""
    response = client.get(TIME_LEFT, headers=POLL)
    assert response.status_code == 200
    told: dict[str, Any] = response.json()
    return told


def test_looking_moves_nothing_and_going_on_does(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    client.get(WELCOME)
    traveller.shift(timedelta(minutes=27, seconds=59))
    assert (look(client)["seconds"], look(client)["until_warning"]) == (121, 1)
    traveller.shift(timedelta(seconds=1))
    told = look(client)
    assert (told["seconds"], told["until_warning"], told["is_final"]) == (120, 0, False)

    traveller.shift(timedelta(seconds=110))
    assert look(client)["seconds"] == 10
    going_on = client.post(TIME_LEFT).json()
    assert (going_on["seconds"], going_on["until_warning"]) == (HALF_AN_HOUR, HALF_AN_HOUR - 120)
    traveller.shift(timedelta(minutes=29, seconds=59))
    assert client.get(WELCOME).status_code == 200


def test_at_thirty_minutes_there_is_nothing_to_go_on_with(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    client.get(WELCOME)
    traveller.shift(timedelta(minutes=30))
    late = client.post(TIME_LEFT)
    assert late.status_code == 302
    assert late["Location"].startswith(reverse("accounts:login"))
    assert PortalSession.objects.get().end_reason == PortalSession.End.IDLE
    assert client.get(WELCOME).status_code == 302


def test_the_page_says_why_it_is_over_however_often_scripts_found_that_out(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    client.get(WELCOME)
    traveller.shift(timedelta(minutes=30))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for _ in range(3):  # whose answers may get lost: a laptop falls asleep, a window is closed
        asked = client.get(TIME_LEFT, headers=POLL)
        assert asked.status_code == 302
        assert not asked.cookies
    assert {name: morsel.value for name, morsel in client.cookies.items()} == cookies

    page = client.get(WELCOME, follow=True)
    assert "no activity for 30 minutes" in page.content.decode()
    assert "no activity" not in client.get("/terms/").content.decode()


def test_no_window_takes_away_the_words_that_another_is_to_show(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    client.get(WELCOME)
    traveller.shift(timedelta(minutes=30))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    for path in (WELCOME, "/access/", "/profile/"):
        other = Client()
        other.cookies[settings.SESSION_COOKIE_NAME] = cookie
        answer = other.get(path)
        assert answer.status_code == 302
        changed = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        assert changed is None or changed.value == cookie

    assert "no activity for 30 minutes" in client.get("/terms/").content.decode()


def test_the_end_of_twelve_hours_is_final(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    for _ in range(12 * 4 - 1):
        traveller.shift(timedelta(minutes=15))
        assert client.get(WELCOME).status_code == 200
    told = client.post(TIME_LEFT).json()
    assert (told["seconds"], told["until_warning"], told["is_final"]) == (900, 780, True)
    traveller.shift(timedelta(minutes=14))
    told = client.post(TIME_LEFT).json()
    assert (told["seconds"], told["until_warning"], told["is_final"]) == (60, 0, True)
    traveller.shift(timedelta(minutes=1))
    assert client.post(TIME_LEFT).status_code == 302


def test_the_token_that_is_told_opens_the_forms_of_a_page() -> None:
    person = cast.assister()
    client = Client(enforce_csrf_checks=True)
    cast.sign_in(client, person)
    told = look(client)
    assert told["person"] == person.user_id
    assert client.post(TIME_LEFT).status_code == 403
    answer = client.post(TIME_LEFT, headers={"X-CSRFToken": told["token"]})
    assert answer.status_code == 200
    assert answer["Cache-Control"].count("no-store") == 1


def test_every_page_says_when_to_ask(traveller: Any) -> None:
    client = cast.client_of(cast.assister())
    body = client.get(WELCOME).content.decode()
    assert 'data-until-warning="1680"' in body
    assert body.count('id="session-warning"') == 1
    traveller.shift(timedelta(minutes=20))
    assert 'data-until-warning="480"' in client.get(WELCOME, headers=POLL).content.decode()
    assert 'id="session-warning"' not in Client().get("/").content.decode()


def test_the_administration_has_it_too(traveller: Any) -> None:
    body = cast.client_of(cast.administrator()).get("/admin/").content.decode()
    assert 'data-until-warning="1680"' in body
    assert 'data-person="' in body
    assert body.count('id="session-warning"') == 1


def test_who_owes_an_acceptance_is_told_all_the_same() -> None:
    person = cast.assister()
    client = cast.client_of(person)
    TermsAcceptance.objects.filter(user=person).delete()
    PortalSession.objects.update(rules_checked_at=None)
    assert client.get(WELCOME).status_code == 302
    assert look(client)["person"] == person.user_id


def test_going_on_is_neither_audited_nor_written_each_time(
    traveller: Any, django_assert_num_queries: Any
) -> None:
    client = cast.client_of(cast.assister())
    client.post(TIME_LEFT)
    entries = AuditEntry.objects.count()
    traveller.shift(timedelta(seconds=30))
    with django_assert_num_queries(1):
        client.post(TIME_LEFT)
    assert AuditEntry.objects.count() == entries
