"""Forgot Password from the User ID to the new password."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import (
    PasswordHistory,
    PasswordReset,
    PortalSession,
    SecurityCode,
    ThrottleCounter,
    User,
)
from accounts.services import codes, sign_in
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.accounts import PASSWORD
from tests.factories.challenge import ANSWERS, give_answers
from tests.integration.accounts.recovery_pages import NEW, Recovering, link, newest, visible

pytestmark = pytest.mark.django_db

OVER = "This link has expired or was already used."


@pytest.fixture
def avery() -> User:
    """Somebody with answers and without a device."""
    user = give_answers(cast.assister())
    PasswordHistory.objects.create(user=user, hash=user.password)
    return user


@pytest.fixture
def visitor() -> Recovering:
    """A browser nobody is signed in with."""
    return Recovering()


def has_password(user: User, password: str) -> bool:
    """Whether this is the password now."""
    return User.objects.get(pk=user.pk).check_password(password)


def test_the_whole_way_of_somebody_without_a_device(avery: User, visitor: Recovering) -> None:
    elsewhere = cast.client_of(avery)

    assert "on the way to the address" in visitor.ask("ASSISTER.avery").content.decode()
    assert "Second proof" in visitor.open(link()).content.decode()
    assert "Set a new password" in visitor.answer(avery).content.decode()
    done = visitor.set()

    assert "Your new password is set" in done.content.decode()
    assert has_password(avery, NEW)
    assert visitor.client.get(reverse("accounts:profile")).status_code == 302
    assert not PortalSession.objects.filter(ended_at=None).exists()
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert newest().status == PasswordReset.Status.USED
    assert list(AuditEntry.objects.order_by("pk").values_list("tag", flat=True)) == [
        "challenge:pass",
        "recovery:start",
        "challenge:pass",
        "recovery:prove",
        "password:reset",
    ]
    mail = OutboxMessage.objects.get(name="account_password_reset")
    assert mail.to == avery.email
    assert "/not-me/link/" in mail.body_text


def test_right_answers_alone_change_nothing(avery: User, visitor: Recovering) -> None:
    visitor.ask(avery.user_id)

    assert has_password(avery, PASSWORD)
    assert OVER in visitor.set().content.decode()
    assert visitor.client.get(reverse("accounts:forgot_password_proof")).status_code == 410


def test_a_link_alone_changes_nothing(avery: User, visitor: Recovering) -> None:
    visitor.ask(avery.user_id)
    thief = Recovering()
    for _ in range(3):
        thief.open(link())

    assert OVER in thief.set().content.decode()
    assert "The answers did not match." in thief.answer(avery, {"athlete": "x"}).content.decode()
    assert OVER in thief.set().content.decode()
    assert has_password(avery, PASSWORD)


def test_the_link_is_made_of_the_portals_own_address(avery: User) -> None:
    for header in ({"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_HOST": "localhost"}):
        Recovering(Client(**header)).ask(avery.user_id)  # type: ignore[arg-type]
        body = OutboxMessage.objects.filter(name="account_reset_link").latest("id").body_text
        assert "evil.example" not in body
        assert re.search(r"http://localhost:\d+/forgot-password/link/~~link", body)


def test_unknown_wrong_and_shut_accounts_look_alike(avery: User) -> None:
    give_answers(cast.stranger(is_active=False))
    frozen = cast.end_user(is_active=False, frozen_at=clock.now())
    give_answers(frozen)

    pages = {
        visible(Recovering().ask(user_id, answers)).replace(user_id, "USER")
        for user_id, answers in (
            (avery.user_id, dict.fromkeys(ANSWERS, "wrong")),
            ("stranger.sam", ANSWERS),
            (frozen.user_id, ANSWERS),
        )
    }

    assert len(pages) == 1
    assert "The answers did not match." in pages.pop()
    unknown = Recovering().ask("nobody.here")
    assert unknown.status_code == 200
    assert "The answers did not match." in unknown.content.decode()
    assert not OutboxMessage.objects.filter(name="account_reset_link").exists()


def test_a_locked_person_gets_the_link_and_is_unlocked_by_the_new_password(
    avery: User, visitor: Recovering
) -> None:
    browser = sign_in.Browser("198.51.100.7", "", "", "", clock.now())
    for _ in range(6):
        with pytest.raises(Exception, match="not_signed_in"):
            sign_in.sign_in(user_id=avery.user_id, password="Wrong-Quay-1", browser=browser)

    visitor.ask(avery.user_id)
    visitor.open(link())
    visitor.answer(avery)
    visitor.set()

    assert sign_in.sign_in(user_id=avery.user_id, password=NEW, browser=browser)


def test_only_the_newest_link_works(avery: User, visitor: Recovering) -> None:
    visitor.ask(avery.user_id)
    older = link()
    visitor.ask(avery.user_id)

    assert visitor.open(older).status_code == 410
    assert visitor.open(link()).status_code == 200
    assert PasswordReset.objects.filter(status="over").count() == 1


def test_a_link_works_once(avery: User, visitor: Recovering) -> None:
    visitor.ask(avery.user_id)
    path = link()
    visitor.open(path)
    visitor.answer(avery)

    assert Recovering().open(path).status_code == 410
    visitor.set()
    assert Recovering().open(path).status_code == 410
    assert OVER in visitor.set("Ten-Gulls-Above-Pier-8").content.decode()


def test_the_second_proof_is_good_in_its_own_browser_only(avery: User, visitor: Recovering) -> None:
    visitor.ask(avery.user_id)
    thief = Recovering()
    thief.open(link())
    visitor.open(link())
    visitor.answer(avery)

    assert OVER in thief.set().content.decode()
    assert OVER in thief.answer(avery).content.decode()
    session = thief.client.session
    session["recovery_token"] = [newest().pk, "guessed"]
    session.save()
    assert OVER in thief.set().content.decode()
    assert has_password(avery, PASSWORD)


@pytest.mark.parametrize("minutes", [29, 31])
def test_a_link_lives_for_half_an_hour(avery: User, visitor: Recovering, minutes: int) -> None:
    visitor.ask(avery.user_id)
    PasswordReset.objects.update(
        requested_at=clock.now() - timedelta(minutes=minutes),
        expires_at=clock.now() + timedelta(minutes=30 - minutes),
    )

    assert visitor.open(link()).status_code == (200 if minutes < 30 else 410)


@pytest.mark.parametrize("change", ["security_version", "email_key"])
def test_a_change_of_the_account_kills_the_link_and_the_proof(
    avery: User, visitor: Recovering, change: str
) -> None:
    visitor.ask(avery.user_id)
    path = link()
    visitor.open(path)
    visitor.answer(avery)
    values = {"security_version": 77} if change == "security_version" else {"email_key": "new@x"}
    User.objects.filter(pk=avery.pk).update(**values)

    assert OVER in visitor.set().content.decode()
    assert Recovering().open(path).status_code == 410


def test_at_most_three_mails_an_hour_leave(avery: User) -> None:
    pages = {visible(Recovering().ask(avery.user_id)) for _ in range(5)}

    assert len(pages) == 1
    assert OutboxMessage.objects.filter(name="account_reset_link").count() == 3


def test_one_address_does_not_ask_for_ever(avery: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.services.recovery_start.REQUESTS_PER_ADDRESS", 1)
    assert Recovering().ask("nobody.here").status_code == 200

    assert Recovering().ask(avery.user_id).status_code == 429


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "", "At least 15 characters"),
        (NEW, "Ten-Gulls-Above-Pier-8", "The two passwords are not the same."),
        (PASSWORD, "", "You had this password before."),
        ("assister-And-Nine-Gulls-7", "", "No part of your User ID"),
    ],
)
def test_new_passwords_follow_the_rules(
    avery: User, visitor: Recovering, password: str, again: str, words: str
) -> None:
    visitor.ask(avery.user_id)
    visitor.open(link())
    visitor.answer(avery)

    page = visitor.set(password, again).content.decode()

    assert words in page
    assert has_password(avery, PASSWORD)
    visitor.set()
    assert has_password(avery, NEW)


def test_a_changed_password_may_be_recovered_on_the_same_day(
    avery: User, visitor: Recovering
) -> None:
    PasswordHistory.objects.create(user=avery, hash=avery.password)
    visitor.ask(avery.user_id)
    visitor.open(link())
    visitor.answer(avery)
    visitor.set()

    assert has_password(avery, NEW)


def test_an_expired_account_opens_by_a_new_password(visitor: Recovering) -> None:
    user = give_answers(cast.assister(is_active=False, expired_at=clock.now()))
    visitor.ask(user.user_id)
    visitor.open(link())
    visitor.answer(user)
    visitor.set()

    user.refresh_from_db()
    assert user.is_active
    assert user.expired_at is None


def test_an_app_is_the_second_proof_of_who_has_one(avery: User, visitor: Recovering) -> None:
    app = devices.app(avery)
    visitor.ask(avery.user_id)
    page = visitor.open(link()).content.decode()
    assert "Authenticator app on a phone" in page
    assert "answer_1" not in page
    assert ">Send<" not in page

    assert "MFA" in visitor.prove(device_type="app_phone").content.decode()
    wrong = visitor.prove(device_type="app_phone", security_code="000000")
    assert wrong.redirect_chain == []
    visitor.prove(device_type="app_phone", security_code=devices.code_of(app))
    visitor.set()

    assert has_password(avery, NEW)
    avery.refresh_from_db()
    assert avery.has_mfa
    assert AuditEntry.objects.get(tag="password:reset").reason == "app_phone"


def test_answers_do_not_stand_in_for_a_device(avery: User, visitor: Recovering) -> None:
    devices.app(avery)
    visitor.ask(avery.user_id)
    visitor.open(link())

    assert visitor.answer(avery).redirect_chain == []
    assert OVER in visitor.set().content.decode()


def test_a_text_message_is_sent_and_judged(avery: User, visitor: Recovering) -> None:
    devices.device(avery, devices.Kind.TEXT)
    visitor.ask(avery.user_id)
    visitor.open(link())

    sent = visitor.prove(device_type="text", action="send")

    assert "A security code is on its way" in sent.content.decode()
    visitor.prove(
        device_type="text", security_code=codes.readable(SecurityCode.objects.latest("pk"))
    )
    visitor.set()
    assert has_password(avery, NEW)


def test_a_recovery_code_is_a_second_proof(avery: User, visitor: Recovering) -> None:
    devices.app(avery)
    _paper, written = devices.recovery_codes(avery)
    visitor.ask(avery.user_id)
    visitor.open(link())
    visitor.prove(device_type="recovery", security_code=written[0])
    visitor.set()

    assert has_password(avery, NEW)


@pytest.mark.parametrize("kind", ["email", "one_time"])
def test_codes_that_come_by_mail_prove_nothing_more(
    avery: User, visitor: Recovering, kind: str
) -> None:
    devices.app(avery)
    devices.device(avery, devices.Kind.EMAIL)
    visitor.ask(avery.user_id)
    page = visitor.open(link()).content.decode()

    assert 'value="email"' not in page
    assert 'value="one_time"' not in page
    refused = visitor.prove(device_type=kind, security_code="123456")
    assert refused.redirect_chain == []


def test_ten_wrong_codes_close_this_road_too(avery: User, visitor: Recovering) -> None:
    app = devices.app(avery)
    for _ in range(3):
        visitor.ask(avery.user_id)
    for _ in range(10):
        visitor.open(link())
        visitor.prove(device_type="app_phone", security_code="000000")

    visitor.prove(device_type="app_phone", security_code=devices.code_of(app))

    assert OVER in visitor.set().content.decode()
    assert has_password(avery, PASSWORD)


def test_without_questions_the_owner_gets_the_mail_and_everybody_the_same_page(
    avery: User, settings: Any
) -> None:
    settings.CHALLENGE_QUESTIONS_ENABLED = False
    pages = set()
    for user_id in (avery.user_id, "nobody.here"):
        response = Client().post(
            reverse("accounts:forgot_password"), {"user_id": user_id}, follow=True
        )
        pages.add(visible(response))

    assert len(pages) == 1
    assert OutboxMessage.objects.filter(name="account_reset_link").count() == 1
    assert not ThrottleCounter.objects.filter(purpose="challenge_answers").exists()


@pytest.mark.parametrize("token", ["nonsense", "WzEsMV0:1abc:xyz"])
def test_made_up_links_are_dead(token: str) -> None:
    response = Client().get(reverse("accounts:forgot_password_link", args=[token]))

    assert response.status_code == 410


def test_steps_cannot_be_skipped(visitor: Recovering) -> None:
    questions = visitor.client.get(reverse("accounts:forgot_password_questions"))

    assert questions["Location"] == reverse("accounts:forgot_password")
    assert visitor.client.get(reverse("accounts:reset_password")).status_code == 410
    assert visitor.client.post(reverse("accounts:forgot_password_proof")).status_code == 410
