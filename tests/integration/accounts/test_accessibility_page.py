"""Accessibility settings: kept with the account, kept in the browser of a visitor."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db

PAGE = "/profile/accessibility/"
CHOICE = {"contrast": "high", "text_size": "largest", "motion": "reduced"}


def classes(client: Client, path: str = "/") -> set[str]:
    """The classes of a page's root."""
    found = re.search(r'<html[^>]* class="([^"]*)"', client.get(path).content.decode())
    assert found
    return set(found.group(1).split()) - {"no-script"}


def test_the_choice_of_a_person_follows_to_every_browser() -> None:
    user = cast.assister()
    cast.client_of(user).post(PAGE, CHOICE)

    other = cast.client_of(user)

    assert classes(other, "/profile/") == {"contrast-high", "text-largest", "motion-reduced"}
    entry = AuditEntry.objects.get(tag="account:change_display")
    assert entry.actor == user
    assert entry.after == CHOICE


def test_the_choice_of_a_visitor_stays_in_the_browser() -> None:
    client = Client()

    answer = client.post(PAGE, {**CHOICE, "motion": "standard"})

    assert answer.status_code == 302
    assert classes(client) == {"contrast-high", "text-largest"}
    assert classes(Client()) == set()
    cookie = client.cookies["display"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert not AuditEntry.objects.exists()


def test_what_a_visitor_chose_is_not_lost_by_signing_in() -> None:
    client = Client()
    client.post(PAGE, CHOICE)
    cast.sign_in(client, cast.assister())

    assert "contrast-high" in classes(client, "/profile/")


def test_the_account_wins_over_the_browser() -> None:
    user = cast.assister(contrast="standard", text_size="large", motion="standard")
    client = Client()
    client.post(PAGE, CHOICE)
    cast.sign_in(client, user)

    assert classes(client, "/profile/") == {"text-large"}


def test_standard_can_be_chosen_again() -> None:
    user = cast.assister(contrast="high", text_size="large", motion="reduced")
    client = cast.client_of(user)
    client.post(PAGE, dict.fromkeys(CHOICE, "standard"))

    assert classes(client, "/profile/") == set()
    assert classes(cast.client_of(user), "/profile/") == set()


def test_the_same_choice_again_changes_and_records_nothing() -> None:
    user = cast.assister()
    for _ in range(2):
        cast.client_of(user).post(PAGE, CHOICE)

    assert AuditEntry.objects.filter(tag="account:change_display").count() == 1


def test_nobody_chooses_for_somebody_else() -> None:
    other = cast.stranger()
    cast.client_of(cast.assister()).post(PAGE, {**CHOICE, "user": other.pk, "user_id": other.pk})

    assert User.objects.get(pk=other.pk).contrast == ""


@pytest.mark.parametrize("name", CHOICE)
def test_what_is_no_choice_is_refused(name: str) -> None:
    user = cast.assister()

    answer = cast.client_of(user).post(PAGE, {**CHOICE, name: "blinking"})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {name}
    assert User.objects.get(pk=user.pk).contrast == ""


@pytest.mark.parametrize("cookie", ["", "high", "high.large", 'x".large.reduced', "a" * 4000])
def test_a_cookie_that_was_meddled_with_means_nothing(cookie: str) -> None:
    client = Client()
    client.cookies["display"] = cookie

    assert classes(client) == set()


def test_the_page_shows_what_is_chosen() -> None:
    user = cast.assister(contrast="high", text_size="large", motion="standard")

    page = cast.client_of(user).get(reverse("accounts:accessibility")).content.decode()

    for value in ("high", "large"):
        assert re.search(rf'value="{value}"[^>]*\schecked', page)


def test_following_the_choice_costs_no_query(django_assert_num_queries: object) -> None:
    plain = cast.client_of(cast.assister())
    chosen = cast.client_of(cast.stranger(contrast="high", text_size="large", motion="reduced"))
    for client in (plain, chosen):
        client.get(PAGE)
        # Who is signed in; the first visit asks besides whether they decide anything.
        with django_assert_num_queries(1):  # type: ignore[operator]
            client.get(PAGE)
