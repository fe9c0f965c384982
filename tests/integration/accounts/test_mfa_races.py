"""Second factors with real threads: one answer works once, five devices are the most."""

import dataclasses
from typing import Any

import pytest
from django.conf import settings

import clock
from accounts.models import MFADevice, PortalSession, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import devices, passkey_sign_in, passkeys, sign_in, unable
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices as made
from tests.factories.challenge import ANSWERS, give_answers
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import add_passkey
from tests.integration.accounts.test_sign_in_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER = sign_in.Browser(
    address="198.51.100.7",
    user_agent="",
    known_cookie="",
    replaced_token="",
    terms_accepted_at=clock.now(),
)


@pytest.fixture
def user() -> User:
    return cast.assister()


@pytest.mark.parametrize("counts", [True, False])
def test_of_twenty_uses_of_one_passkey_answer_one_opens_a_session(user: User, counts: bool) -> None:
    key = add_passkey(user, SoftKey(counts=counts))
    question = passkeys.ask_to_use()
    answer = key.get(question.options)

    outcomes = at_once(
        20,
        lambda index: passkey_sign_in.alone(
            state=dict(question.state), answer=answer, browser=BROWSER
        ),
    )

    refused = [outcome for outcome in outcomes if outcome == Reason.PASSKEY_REFUSED]
    assert len(refused) == 19
    assert PortalSession.objects.filter(user=user).count() == 1


def test_of_fifty_wrong_answers_at_once_ten_are_judged(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = add_passkey(user)
    question = passkeys.ask_to_use()
    answer = key.get(question.options, signature=b"0" * 70)
    judged: list[int] = []
    real = passkeys.use

    def counting(**given: Any) -> Any:
        judged.append(1)
        return real(**given)

    monkeypatch.setattr(passkeys, "use", counting)
    outcomes = at_once(
        50,
        lambda index: passkey_sign_in.alone(
            state=dict(question.state),
            answer=answer,
            browser=dataclasses.replace(BROWSER, address=f"198.51.100.{index}"),
        ),
    )

    assert set(outcomes) == {Reason.PASSKEY_REFUSED}
    assert len(judged) == settings.MFA_FAILURE_LIMIT
    assert OutboxMessage.objects.filter(name="second_factor_locked").count() == 1


def test_one_key_added_in_many_windows_becomes_one_device(user: User) -> None:
    key = SoftKey()
    question = passkeys.ask_to_register(user=user)
    answer = key.create(question.options)

    def add(index: int) -> MFADevice:
        credential = passkeys.register(user=user, state=dict(question.state), answer=answer)
        return devices.add_passkey(user=user, credential=credential)

    outcomes = at_once(10, add)

    assert outcomes.count(Reason.PASSKEY_KNOWN) == 9
    assert MFADevice.objects.filter(user=user).count() == 1


def test_five_devices_stay_the_most_when_many_are_confirmed_at_once(user: User) -> None:
    for _number in range(settings.MFA_DEVICE_LIMIT - 1):
        made.app(user)
    keys = [SoftKey() for _number in range(6)]
    questions = [passkeys.ask_to_register(user=user) for _key in keys]

    def add(index: int) -> MFADevice:
        question = questions[index]
        answer = keys[index].create(question.options)
        credential = passkeys.register(user=user, state=question.state, answer=answer)
        return devices.add_passkey(user=user, credential=credential)

    outcomes = at_once(6, add)

    assert outcomes.count(Reason.TOO_MANY_DEVICES) == 5
    assert MFADevice.objects.filter(user=user).count() == settings.MFA_DEVICE_LIMIT


def test_fifty_askers_at_once_get_five_codes_mailed(user: User) -> None:
    give_answers(user)
    made.app(user)

    at_once(
        50,
        lambda index: unable.send_code(
            user_id=user.user_id, answers=ANSWERS, address=f"198.51.100.{index}"
        ),
    )

    assert SecurityCode.objects.filter(user=user).count() <= settings.SECURITY_CODES_PER_HOUR
    assert SecurityCode.objects.filter(user=user, replaced_at=None).count() == 1
