"""Forgotten User ID, forgotten password, and a person's own data."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from notifications.models import OutboxMessage
from tests import cast

pytestmark = pytest.mark.django_db


def ask(email: str, last_name: str) -> Any:
    """Ask for a forgotten User ID."""
    return Client().post(
        reverse("accounts:forgot_user_id"), {"email": email, "last_name": last_name}, follow=True
    )


def _page_of(response: Any) -> str:
    return re.sub(r'nonce="[^"]+"', "", response.content.decode())


def test_the_user_id_is_mailed_to_its_owner_only() -> None:
    user = cast.assister(email="Avery@people.example")

    response = ask(" avery@PEOPLE.example", "ASSISTER")

    assert "its User ID is on the way" in response.content.decode()
    mail = OutboxMessage.objects.get(name="account_user_id")
    assert mail.to == user.email
    assert "assister.avery" in mail.body_text
    assert "assister.avery" not in mail.subject


def test_the_page_is_the_same_for_everybody() -> None:
    cast.assister(email="avery@people.example")
    cast.stranger(email="closed@people.example", is_active=False)

    known = _page_of(ask("avery@people.example", "Assister"))

    assert _page_of(ask("avery@people.example", "Wrong")) == known
    assert _page_of(ask("nobody@people.example", "Assister")) == known
    assert _page_of(ask("closed@people.example", "Stranger")) == known
    assert OutboxMessage.objects.count() == 1


def test_the_mailbox_of_a_person_is_not_flooded() -> None:
    cast.assister(email="avery@people.example")
    for _ in range(6):
        ask("avery@people.example", "Assister")

    assert OutboxMessage.objects.count() == 3


def test_one_address_does_not_ask_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.services.recovery.REQUESTS_PER_ADDRESS", 2)
    for number in range(2):
        assert ask(f"p{number}@people.example", "X").status_code == 200

    assert ask("p9@people.example", "X").status_code == 429


def test_the_profile_shows_own_data_readably() -> None:
    user = cast.assister(
        phone="+14105550142",
        address_line_1="12 Quay Street",
        city="Baltimore",
        state="MD",
        zip_code="21244",
        zip_extension="1850",
    )

    page = cast.client_of(user).get(reverse("accounts:profile")).content.decode()

    for text in ("My Profile", "View My Profile", "(410) 555-0142", "12 Quay Street"):
        assert text in page
    assert "Baltimore, Maryland 21244-1850" in page
    assert "Level of Assurance 1" in page


def test_the_profile_is_for_the_person_signed_in() -> None:
    cast.assister()
    page = cast.client_of(cast.stranger()).get(reverse("accounts:profile")).content.decode()

    assert "Avery" not in page
    assert Client().get(reverse("accounts:profile")).status_code == 302


def test_the_rules_of_behavior_are_complete() -> None:
    from accounts.data import rules_of_behavior as rules

    page = Client().get(reverse("accounts:rules_of_behavior")).content.decode()

    counts = [len(group.rules) for group in rules.GROUPS]
    assert counts == [7, 4, 13, 6, 6, 17, 4, 11, 5, 11]
    assert page.count("<li>") >= sum(counts)


def test_people_whose_account_expired_get_their_user_id() -> None:
    cast.stranger(email="idle@people.example", is_active=False, expired_at=clock.now())
    cast.end_user(email="frozen@people.example", is_active=False, frozen_at=clock.now())

    ask("idle@people.example", "Stranger")
    ask("frozen@people.example", "Harbor")

    assert [mail.to for mail in OutboxMessage.objects.all()] == ["idle@people.example"]
