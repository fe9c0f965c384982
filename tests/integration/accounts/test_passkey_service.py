"""A passkey proves its owner once for each question, on this site only, and only to its owner."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import User
from accounts.reasons import Reason
from accounts.services import passkeys
from accounts.verdicts import Refusal
from tests import cast
from tests.factories import accounts
from tests.factories.passkeys import SoftKey, challenge_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return cast.assister()


def _registered(user: User, **traits: bool) -> SoftKey:
    key = SoftKey(**traits)
    question = passkeys.ask_to_register(user=user)
    passkeys.register(user=user, state=question.state, answer=key.create(question.options))
    return key


def _use(user: User, key: SoftKey, *, alone: bool = False, **changes: Any) -> WebAuthnCredential:
    question = passkeys.ask_to_use(user=None if alone else user)
    answer = key.get(question.options, **changes)
    return passkeys.use(user=user, state=question.state, answer=answer)


def test_a_registered_key_is_taken_and_its_use_noted(user: User) -> None:
    key = _registered(user)

    credential = _use(user, key)

    assert credential.user_id == user.pk
    assert credential.last_used_at is not None
    assert credential.sign_count == 2


def test_a_key_without_pin_is_a_second_factor_but_not_the_only_proof(user: User) -> None:
    key = _registered(user, verifies=False)

    _use(user, key)

    with pytest.raises(Refusal) as refusal:
        _use(user, key, alone=True)
    assert refusal.value.reason == Reason.PASSKEY_REFUSED


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://portal.example.evil"},
        {"origin": "http://localhost:9"},
        {"rp_id": "evil.example"},
        {"signature": b"0" * 70},
        {"challenge": "AAAA"},
        {"count": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_answer_that_is_wrong_in_one_place_is_refused(
    user: User, changes: dict[str, Any]
) -> None:
    key = _registered(user)

    with pytest.raises(Refusal) as refusal:
        _use(user, key, **changes)

    assert refusal.value.reason == Reason.PASSKEY_REFUSED


def test_the_key_of_somebody_else_is_refused(user: User) -> None:
    key = _registered(cast.stranger())

    with pytest.raises(Refusal):
        _use(user, key)


@pytest.mark.parametrize("counts", [True, False])
def test_a_question_is_answered_once_even_by_a_key_that_does_not_count(
    user: User, counts: bool
) -> None:
    key = _registered(user, counts=counts)
    question = passkeys.ask_to_use(user=user)
    answer = key.get(question.options)
    passkeys.use(user=user, state=question.state, answer=answer)

    with pytest.raises(Refusal):
        passkeys.use(user=user, state=question.state, answer=answer)


def test_a_question_asked_before_the_last_use_is_dead(user: User) -> None:
    key = _registered(user, counts=False)
    old = passkeys.ask_to_use(user=user)
    _use(user, key)

    with pytest.raises(Refusal):
        passkeys.use(user=user, state=old.state, answer=key.get(old.options))


def test_a_question_lives_for_five_minutes(user: User) -> None:
    key = _registered(user)
    question = passkeys.ask_to_use(user=user)
    answer = key.get(question.options)

    with (
        time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)),
        pytest.raises(Refusal),
    ):
        passkeys.use(user=user, state=question.state, answer=answer)


def test_questions_differ_and_name_the_keys_of_their_person_only(user: User) -> None:
    _registered(user)
    first, second = passkeys.ask_to_use(user=user), passkeys.ask_to_use()

    assert challenge_of(first.options) != challenge_of(second.options)
    assert len(challenge_of(first.options)) >= 16
    assert '"allowCredentials": [{' in first.options
    assert '"allowCredentials": []' in second.options


def test_one_key_is_registered_once(user: User) -> None:
    key = _registered(user)
    other = accounts.user()
    question = passkeys.ask_to_register(user=other)

    with pytest.raises(Refusal) as refusal:
        passkeys.register(
            user=other,
            state=question.state,
            answer=key.create(question.options),
        )

    assert refusal.value.reason == Reason.PASSKEY_KNOWN
    assert WebAuthnCredential.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        "{" * 5000,
        '{"id": 1}',
        "x" * 30_000,
        '{"id": "a", "rawId": "\u00e9"}',
    ],
)
def test_garbage_is_refused_everywhere(user: User, answer: str) -> None:
    to_register, to_use = passkeys.ask_to_register(user=user), passkeys.ask_to_use()

    with pytest.raises(Refusal):
        passkeys.register(user=user, state=to_register.state, answer=answer)
    with pytest.raises(Refusal):
        passkeys.use(user=user, state=to_use.state, answer=answer)
    assert passkeys.owner_of(answer) is None


def test_a_counter_beyond_what_the_database_holds_is_refused(user: User) -> None:
    key = SoftKey()
    question = passkeys.ask_to_register(user=user)
    answer = key.create(question.options, count=2**32 - 1)

    with pytest.raises(Refusal):
        passkeys.register(user=user, state=question.state, answer=answer)
    assert WebAuthnCredential.objects.count() == 0


def test_an_answer_names_its_owner_without_proving_anything(user: User) -> None:
    key = _registered(user)
    answer = key.get(passkeys.ask_to_use().options, signature=b"nothing")

    assert passkeys.owner_of(answer) == user
    assert passkeys.owner_of(SoftKey().get(passkeys.ask_to_use().options)) is None
