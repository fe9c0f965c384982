"""The link of a recovery: to the stored address only, of our own origin, and when it is dead."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import PasswordHistory, PasswordReset, PortalSession, User
from accounts.services import email_change, password_change
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories.accounts import PASSWORD
from tests.factories.challenge import ANSWERS, give_answers
from tests.integration.accounts.recovery_pages import NEW, Recovering, link, visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def mike() -> User:
    """Somebody whose name and address have letters that others look like."""
    user = accounts.user("mike.quay", email="mike@people.example", last_name="Quay")
    PasswordHistory.objects.create(
        user=user, hash=make_password(PASSWORD), set_at=clock.now() - timedelta(days=300)
    )
    return give_answers(user)


LOOK_ALIKES = ["MIKE{}", "m\u0131ke{}", "mi\u212ae{}", "mi\u200bke{}", "\uff4dike{}"]


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_the_mail_goes_to_the_stored_address_however_it_was_asked_for(
    mike: User, typed: str
) -> None:
    Recovering().ask(typed.format(".quay"), ANSWERS)
    data = {"email": typed.format("@people.example"), "last_name": "Quay"}
    Client().post(reverse("accounts:forgot_user_id"), data)

    names = {"account_reset_link", "account_user_id"}
    sent = OutboxMessage.objects.filter(name__in=names)
    assert set(sent.values_list("name", "to")) == {(name, mike.email) for name in names}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_X_ORIGINAL_HOST": "evil.example"},
        {"SERVER_NAME": "evil.example", "HTTP_HOST": "localhost"},
    ],
)
def test_no_header_puts_another_site_into_the_link(mike: User, headers: dict[str, str]) -> None:
    page = Recovering(Client(**headers)).ask(mike.user_id)  # type: ignore[arg-type]

    body = OutboxMessage.objects.get(name="account_reset_link").body_text
    assert re.search(r"http://localhost:\d+/forgot-password/link/", body)
    assert "evil.example" not in body + page.content.decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_forged_host_is_refused_and_mails_nothing(mike: User, host: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    visitor = Recovering(Client(HTTP_HOST=host))

    assert visitor.ask(mike.user_id).status_code == 400
    assert not OutboxMessage.objects.exists()


def _change_password(user: User) -> None:
    cast.client_of(user)
    password_change.change(
        session=PortalSession.objects.select_related("user").latest("pk"),
        current=PASSWORD,
        password=NEW,
    )


def _change_email(user: User) -> None:
    wish = email_change.ask(user=user, email="new@people.example", actor=user)
    email_change.confirm(change_id=wish.pk)


@pytest.mark.parametrize("change", [_change_password, _change_email])
def test_a_link_is_dead_once_password_or_address_were_changed(mike: User, change: Any) -> None:
    visitor = Recovering()
    visitor.ask(mike.user_id)
    path = link()
    assert Recovering().open(path).status_code == 200

    change(mike)

    over = Recovering().open(path)
    assert over.status_code == 410
    assert visible(over) == visible(Recovering().open("/forgot-password/link/WzEsMV0:1abc:xyz/"))


def test_a_link_is_good_until_the_last_second_of_its_half_hour(mike: User, moving: Any) -> None:
    Recovering().ask(mike.user_id)
    path = link()
    moving.shift(timedelta(minutes=29, seconds=59))
    assert Recovering().open(path).status_code == 200
    moving.shift(timedelta(seconds=1))

    assert Recovering().open(path).status_code == 410


def test_three_wrong_answers_close_this_road_for_a_day_and_no_other(
    mike: User, moving: Any
) -> None:
    wrong = dict.fromkeys(ANSWERS, "wrong")
    closed = [visible(Recovering().ask(mike.user_id, wrong)) for _ in range(3)]
    closed.append(visible(Recovering().ask(mike.user_id)))
    assert closed == closed[:1] * 4
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": mike.user_id})
    signed_in = client.post(reverse("accounts:password"), {"password": PASSWORD})
    assert signed_in.status_code == 302

    moving.shift(timedelta(hours=23, minutes=59, seconds=59))
    Recovering().ask(mike.user_id)
    assert not PasswordReset.objects.exists()
    moving.shift(timedelta(seconds=1))
    Recovering().ask(mike.user_id)
    assert PasswordReset.objects.get().user == mike
