"""Registering what others have: the same page for everybody, and a mail to whom it belongs."""

import re
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Registration, User
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.conftest import Registering, newest_mail

pytestmark = pytest.mark.django_db


def _page_of(response: Any) -> str:
    body = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'nonce="[^"]+"', "", body)


def test_a_taken_email_gets_the_same_page_and_its_owner_a_notice() -> None:
    owner = cast.assister(email="Owner@People.example")
    free = Registering().whole(email="xwner@people.example")
    taken = Registering().whole(email="OWNER@people.example")

    assert _page_of(taken).replace("OWNER", "xwner") == _page_of(free)
    assert User.objects.count() == 1
    assert Registration.objects.count() == 1
    notice = OutboxMessage.objects.get(name="account_email_taken")
    assert notice.to == owner.email
    assert notice.recipient == owner


@pytest.mark.parametrize(
    "typed",
    [
        "MIKE@people.example",
        "m\u0131ke@people.example",
        "m\u0130ke@people.example",
        "mi\u212ae@people.example",
        "mi\u200bke@people.example",
        "\uff4dike@people.example",
        "mike@PEOPLE.example",
    ],
)
def test_spellings_of_one_address_are_one_identity(typed: str) -> None:
    owner = cast.assister(email="mike@people.example")

    Registering().whole(email=typed)

    assert not Registration.objects.exists()
    assert OutboxMessage.objects.get().to == owner.email


def test_the_owner_of_an_address_is_not_flooded() -> None:
    cast.assister(email="owner@people.example")
    for _ in range(8):
        Registering().whole(email="owner@people.example")

    assert OutboxMessage.objects.filter(name="account_email_taken").count() == 5


@pytest.mark.parametrize("typed", ["Assister.Avery", "assister.aver\u200by", "ass\u0131ster.avery"])
def test_a_taken_user_id_is_told_by_mail_only(typed: str) -> None:
    owner = cast.assister()
    free = Registering().whole(email="a@people.example", user_id="somebody.else")
    taken = Registering().whole(email="b@people.example", user_id=typed)

    assert _page_of(taken).replace("b@people", "a@people") == _page_of(free)
    assert "belongs to somebody else" in newest_mail("account_activation").body_text
    notice = OutboxMessage.objects.get(name="account_user_id_taken")
    assert (notice.to, notice.recipient) == (owner.email, owner)
    assert "b@people" not in notice.body_text + notice.subject
    assert User.objects.count() == 1


def test_the_owner_of_a_user_id_is_told_once_a_day(moving: Any) -> None:
    owner = cast.assister()
    for number in range(4):
        Registering().whole(email=f"p{number}@people.example", user_id=owner.user_id)
        assert OutboxMessage.objects.filter(name="account_user_id_taken").count() == 1
    moving.shift(timedelta(days=1, seconds=1))
    Registering().whole(email="later@people.example", user_id=owner.user_id)

    assert OutboxMessage.objects.filter(name="account_user_id_taken", to=owner.email).count() == 2


def test_a_closed_account_keeps_its_user_id_and_address() -> None:
    closed = cast.assister(email="closed@people.example", is_active=False)
    Registering().whole(email="closed@people.example")
    Registering().whole(email="other@people.example", user_id=closed.user_id)

    assert [mail.name for mail in OutboxMessage.objects.order_by("id")] == [
        "account_email_taken",
        "account_activation",
    ]
    assert "belongs to somebody else" in newest_mail("account_activation").body_text
