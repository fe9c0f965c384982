"""Changing the password while signed in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import Disavowal, PasswordHistory, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "accounts:change_password"
NEW = "Nine-Gulls-Above-Pier-7"


@pytest.fixture
def avery() -> User:
    """Somebody who has had one password since long ago."""
    user = cast.assister()
    PasswordHistory.objects.create(
        user=user, hash=user.password, set_at=clock.now() - timedelta(days=300)
    )
    return user


def change(client: Client, current: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
    """Send the form."""
    data = {"current_password": current, "password": new, "confirm_password": again or new}
    return client.post(reverse(PAGE), data)


def test_the_password_is_changed_and_its_owner_told(avery: User) -> None:
    client, elsewhere = cast.client_of(avery), cast.client_of(avery)
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value

    response = change(client)

    assert response["Location"] == reverse("accounts:profile")
    avery.refresh_from_db()
    assert avery.check_password(NEW)
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != key
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    ended = PortalSession.objects.exclude(ended_at=None).get()
    assert ended.end_reason == PortalSession.End.ACCOUNT_CHANGED
    assert AuditEntry.objects.filter(tag="password:change").count() == 1
    mail = OutboxMessage.objects.get(name="account_password_changed")
    assert mail.to == avery.email
    assert "/not-me/link/" in mail.body_text
    assert "/not-me/link/" in mail.body_html
    assert Disavowal.objects.get().event == "password_changed"
    assert NEW not in mail.body_text + str(AuditEntry.objects.latest("pk").after)


def test_the_present_password_has_to_be_right(avery: User) -> None:
    client = cast.client_of(avery)

    page = change(client, current="Wrong-Quay-Lantern-9").content.decode()

    assert "This is not your present password." in page
    avery.refresh_from_db()
    assert avery.check_password(PASSWORD)
    assert AuditEntry.objects.get().tag == "password:change_failed"


def test_after_five_wrong_tries_the_right_one_is_refused_too(avery: User) -> None:
    client = cast.client_of(avery)
    for _ in range(5):
        change(client, current="Wrong-Quay-Lantern-9")

    change(client)

    avery.refresh_from_db()
    assert avery.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "At least 15 characters"),
        ("Avery-And-The-Nine-Gulls-7", "Not your first or last name"),
        ("nine-gulls-above-pier-7", "At least one capital letter"),
        (PASSWORD, "You had this password before."),
    ],
)
def test_new_passwords_follow_the_rules(avery: User, new: str, words: str) -> None:
    page = change(cast.client_of(avery), new=new).content.decode()

    assert words in page
    avery.refresh_from_db()
    assert avery.check_password(PASSWORD)


def test_both_have_to_be_the_same(avery: User) -> None:
    page = change(cast.client_of(avery), again="Ten-Gulls-Above-Pier-8").content.decode()

    assert "The two passwords are not the same." in page


def test_the_last_six_are_barred_and_the_seventh_is_not(avery: User) -> None:
    start = clock.now() - timedelta(days=200)
    for number in range(6):
        PasswordHistory.objects.create(
            user=avery,
            hash=make_password(f"Nine-Gulls-Above-Pier-{number}"),
            set_at=start + timedelta(days=number),
        )

    barred = change(cast.client_of(avery), new="Nine-Gulls-Above-Pier-0").content.decode()
    assert "You had this password before." in barred
    PasswordHistory.objects.create(
        user=avery, hash=make_password("x"), set_at=clock.now() - timedelta(days=2)
    )
    assert change(cast.client_of(avery), new="Nine-Gulls-Above-Pier-0").status_code == 302


def test_one_change_a_day_in_the_profile_cms(avery: User, settings: Any) -> None:
    client = cast.client_of(avery)
    assert change(client).status_code == 302

    page = change(client, current=NEW, new="Ten-Gulls-Above-Pier-8").content.decode()
    assert "less than 24 hours ago" in page

    settings.PASSWORD_PROFILE = "nist"
    assert change(client, current=NEW, new="Ten-Gulls-Above-Pier-8").status_code == 302


def test_a_day_later_it_may_be_changed_again(avery: User) -> None:
    client = cast.client_of(avery)
    change(client)
    PasswordHistory.objects.filter(user=avery, set_at__gt=clock.now() - timedelta(hours=1)).update(
        set_at=clock.now() - timedelta(hours=24, seconds=1)
    )

    assert change(client, current=NEW, new="Ten-Gulls-Above-Pier-8").status_code == 302


def test_the_first_password_may_be_changed_on_the_first_day() -> None:
    user = cast.assister()
    PasswordHistory.objects.create(user=user, hash=user.password)

    assert change(cast.client_of(user)).status_code == 302


def test_an_old_sign_in_has_to_be_repeated(avery: User) -> None:
    client = cast.client_of(avery)
    long_ago = clock.now() - timedelta(minutes=6)
    PortalSession.objects.update(created_at=long_ago, verified_at=long_ago)

    response = client.get(reverse(PAGE))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")
    assert change(client)["Location"].startswith("/login/")
    avery.refresh_from_db()
    assert avery.check_password(PASSWORD)


def test_nobody_comes_here_without_signing_in() -> None:
    assert Client().get(reverse(PAGE))["Location"].startswith("/login/")


def test_what_was_typed_does_not_come_back(avery: User) -> None:
    page = change(cast.client_of(avery), current="Wrong-Quay-Lantern-9").content.decode()

    assert "Wrong-Quay-Lantern-9" not in page
    assert NEW not in page


def test_several_broken_rules_are_one_line_and_marked_in_the_list(avery: User) -> None:
    page = change(cast.client_of(avery), new="short").content.decode()

    line = "Your password does not meet 3 of the rules. They are marked below."
    summary = page.split("data-error-summary")[1].split("</div>")[0]
    assert re.findall(r'href="#([^"]+)">([^<]+)<', summary) == [
        ("id_password", f"New Password: {line}")
    ]
    rules = page.split('id="password-rules"')[1].split("</ul>")[0]
    marked = re.findall(r'<li class="is-broken"[^>]*>([^<]+?) *<strong[^>]*>([^<]+)<', rules)
    assert marked == [
        ("At least 15 characters; spaces are welcome", "(not met)"),
        ("At least one capital letter", "(not met)"),
        ("At least one digit", "(not met)"),
    ]
