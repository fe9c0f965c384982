"""A passkey is the second proof of a recovery for those who have one, at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

import clock
from accounts.models import PasswordHistory, PasswordReset, User
from accounts.services import challenge
from audit.models import AuditEntry
from tests import cast
from tests.factories import devices
from tests.factories.challenge import ANSWERS, give_answers
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import add_passkey, options_on
from tests.integration.accounts.recovery_pages import NEW, Recovering, fields, link, newest

pytestmark = pytest.mark.django_db

PROOF = reverse("accounts:forgot_password_proof")


@pytest.fixture
def avery() -> User:
    """Somebody whose only device is a passkey."""
    user = give_answers(cast.assister())
    PasswordHistory.objects.create(user=user, hash=user.password)
    return user


@pytest.fixture
def key(avery: User) -> SoftKey:
    """Their passkey."""
    return add_passkey(avery)


@pytest.fixture
def visitor(avery: User, key: SoftKey) -> Recovering:
    """A browser that followed the mailed link."""
    visitor = Recovering()
    visitor.ask(avery.user_id)
    visitor.open(link())
    return visitor


def show(visitor: Recovering, key: SoftKey, **wrong: Any) -> Any:
    """Press the button and answer the browser's question."""
    options = options_on(visitor.client.get(PROOF))
    return visitor.prove(passkey=key.get(options, **wrong))


def has_password(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def test_the_passkey_opens_the_change_at_once(
    avery: User, key: SoftKey, visitor: Recovering
) -> None:
    page = visitor.client.get(PROOF).content.decode()
    assert "Show your passkey or security key" in page
    assert 'name="security_code"' not in page

    assert "Set a new password" in show(visitor, key).content.decode()
    visitor.set()

    assert has_password(avery, NEW)
    assert AuditEntry.objects.get(tag="password:reset").reason == "passkey"
    assert not AuditEntry.objects.filter(tag="recovery:wait").exists()


def test_a_key_without_pin_will_do_beside_the_link(avery: User) -> None:
    key = add_passkey(avery, SoftKey(verifies=False))
    visitor = Recovering()
    visitor.ask(avery.user_id)
    visitor.open(link())

    assert "Set a new password" in show(visitor, key).content.decode()


def test_beside_an_app_both_are_offered(avery: User, key: SoftKey) -> None:
    app = devices.app(avery)
    for proof in ("app", "passkey"):
        visitor = Recovering()
        visitor.ask(avery.user_id)
        page = visitor.open(link()).content.decode()
        assert 'name="security_code"' in page
        assert "Go on without the passkey" not in page
        if proof == "app":
            answer = visitor.prove(device_type="app_phone", security_code=devices.code_of(app))
        else:
            answer = show(visitor, key)
        assert "Set a new password" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "{}", "nonsense", "[1]", "x" * 30_000])
def test_whatever_else_is_sent_proves_nothing(avery: User, visitor: Recovering, typed: str) -> None:
    visitor.client.get(PROOF)

    assert visitor.prove(passkey=typed).redirect_chain == []
    assert newest().status == PasswordReset.Status.MAILED


def test_wrong_strange_and_old_answers_prove_nothing(
    avery: User, key: SoftKey, visitor: Recovering
) -> None:
    other = add_passkey(cast.stranger())
    old = key.get(options_on(visitor.client.get(PROOF)))
    fresh = options_on(visitor.client.get(PROOF))
    answers = [old, other.get(fresh)]
    for answer in answers:
        page = visitor.prove(passkey=answer)
        assert "This passkey could not be used" in page.content.decode()
    assert (
        "This passkey could not be used" in show(visitor, key, signature=b"0" * 70).content.decode()
    )

    failed = AuditEntry.objects.filter(tag="session:second_factor_failed", reason="passkey:failed")
    assert failed.count() == 3
    assert newest().status == PasswordReset.Status.MAILED


def test_ten_wrong_answers_close_this_road_too(key: SoftKey, visitor: Recovering) -> None:
    for _ in range(10):
        show(visitor, key, signature=b"0" * 70)

    assert "This passkey could not be used" in show(visitor, key).content.decode()
    assert newest().status == PasswordReset.Status.MAILED


def test_a_question_is_answered_within_five_minutes(
    avery: User, key: SoftKey, visitor: Recovering
) -> None:
    answer = key.get(options_on(visitor.client.get(PROOF)))
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        page = visitor.prove(passkey=answer)

    assert "This passkey could not be used" in page.content.decode()


def test_a_passkey_does_not_stand_in_for_the_link(key: SoftKey, visitor: Recovering) -> None:
    options = options_on(visitor.client.get(PROOF))
    stranger = Recovering()

    assert stranger.prove(passkey=key.get(options)).status_code == 410


def test_answers_beside_a_passkey_open_nothing_at_once(avery: User, visitor: Recovering) -> None:
    assert visitor.answer(avery).redirect_chain == []
    assert newest().status == PasswordReset.Status.MAILED


def test_who_lost_the_passkey_answers_and_waits_a_day(avery: User, visitor: Recovering) -> None:
    slow = f"{PROOF}?without=passkey"
    page = visitor.client.get(PROOF).content.decode()
    assert 'href="?without=passkey"' in page
    page = visitor.client.get(slow).content.decode()
    assert "answer_1" in page

    data = fields(challenge.questions_for(avery.user_id), ANSWERS)
    answer = visitor.client.post(slow, data, follow=True)

    assert "One day to wait" in answer.content.decode()
    assert newest().status == PasswordReset.Status.WAITING


def test_the_slow_way_is_none_around_an_app(avery: User, key: SoftKey) -> None:
    devices.app(avery)
    visitor = Recovering()
    visitor.ask(avery.user_id)
    visitor.open(link())

    assert "answer_1" not in visitor.client.get(f"{PROOF}?without=passkey").content.decode()


def test_where_the_address_cannot_use_passkeys_the_answers_are_asked_for(
    avery: User, key: SoftKey, settings: Any
) -> None:
    settings.PASSKEYS_ENABLED = False
    visitor = Recovering()
    visitor.ask(avery.user_id)

    page = visitor.open(link()).content.decode()

    assert "answer_1" in page
    assert "data-passkey" not in page
