"""Change Challenge Questions: three different, none a secret of another kind, the old ones gone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import clock
from accounts import answers as challenge_answers
from accounts.models import ChallengeAnswer, MFADevice, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.accounts import PASSWORD
from tests.factories.challenge import ANSWERS
from tests.integration.accounts.profiles import QUESTIONS, answered, somebody

pytestmark = pytest.mark.django_db

PAGE = "/profile/questions/"
CHOICE = {
    "question_1": "dream_job",
    "answer_1": "Lighthouse keeper",
    "question_2": "artwork",
    "answer_2": "The night watch",
    "question_3": "disliked_food",
    "answer_3": "Boiled leeks",
}


def kept(user: User) -> set[str]:
    """The questions of a person."""
    return set(ChallengeAnswer.objects.filter(user=user).values_list("question", flat=True))


def test_new_answers_replace_the_old_ones() -> None:
    user = somebody()

    answer = answered(user).post(PAGE, CHOICE)

    assert answer["Location"] == "/profile/"
    assert kept(user) == {"dream_job", "artwork", "disliked_food"}
    leeks = ChallengeAnswer.objects.get(user=user, question="disliked_food").hash
    assert challenge_answers.matches("boiled  LEEKS", leeks)
    assert not challenge_answers.matches("Turnips with cream", leeks)
    assert AuditEntry.objects.filter(tag="account:change_questions", actor=user).count() == 1
    mail = OutboxMessage.objects.get(name="profile_questions_changed")
    assert mail.to == user.email
    for value in CHOICE.values():
        assert value not in mail.body_text


def test_the_old_answers_come_first() -> None:
    user = somebody()

    answer = cast.client_of(user).post(PAGE, CHOICE)

    assert answer["Location"].startswith(QUESTIONS)
    assert kept(user) == set(ANSWERS)


def test_the_old_answers_are_used_up_by_the_change() -> None:
    client = answered(somebody())
    client.post(PAGE, CHOICE)

    assert client.get(PAGE)["Location"].startswith(QUESTIONS)


def test_who_has_no_answers_may_choose_some() -> None:
    user = cast.assister()
    client = cast.client_of(user)
    client.get(PAGE, follow=True)

    client.post(PAGE, CHOICE)

    assert kept(user) == {"dream_job", "artwork", "disliked_food"}


def with_device(added: timedelta, **fields: Any) -> tuple[User, Client]:
    """Somebody signed in by a device that was added some time ago."""
    user = somebody()
    used = devices.device(user, **fields)
    MFADevice.objects.filter(pk=used.pk).update(confirmed_at=clock.now() - added)
    client = Client()
    row = cast.sign_in(client, User.objects.get(pk=user.pk))
    PortalSession.objects.filter(pk=row.pk).update(device=used)
    return user, client


def test_a_strong_device_of_old_stands_in_for_answers_forgotten() -> None:
    user, client = with_device(timedelta(hours=24, minutes=1))
    assert "It stands in for the old answers." in client.get(QUESTIONS).content.decode()

    answer = client.post(PAGE, CHOICE)

    assert answer["Location"] == "/profile/"
    assert kept(user) == {"dream_job", "artwork", "disliked_food"}
    assert client.get("/profile/change/")["Location"].startswith(QUESTIONS)


@pytest.mark.parametrize(
    ("added", "kind"), [(timedelta(hours=23), "app_phone"), (timedelta(days=9), "email")]
)
def test_a_new_or_weak_device_does_not(added: timedelta, kind: str) -> None:
    user, client = with_device(added, kind=kind)
    assert "come back tomorrow" in client.get(QUESTIONS).content.decode()

    assert client.post(PAGE, CHOICE)["Location"].startswith(QUESTIONS)
    assert kept(user) == set(ANSWERS)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"question_2": "dream_job"}, "question_2"),
        ({"question_1": "no_such_question"}, "question_1"),
        ({"answer_2": "lighthouse  KEEPER!"}, "answer_2"),
        ({"answer_1": "a!"}, "answer_1"),
        ({"answer_1": "  "}, "answer_1"),
        ({"answer_1": "As a child, what did you want to become"}, "answer_1"),
        ({"answer_3": "unknown"}, "answer_3"),
        ({"answer_3": "Assister Avery"}, "answer_3"),
        ({"answer_3": "assister.avery"}, "answer_3"),
        ({"answer_3": PASSWORD}, "answer_3"),
    ],
)
def test_bad_choices_change_nothing(changes: dict[str, str], wrong: str) -> None:
    user = somebody()

    answer = answered(user).post(PAGE, {**CHOICE, **changes})

    assert answer.context["form"].errors.keys() == {wrong}
    assert kept(user) == set(ANSWERS)
    for number in (1, 2, 3):
        typed = {**CHOICE, **changes}[f"answer_{number}"]
        assert f'value="{typed}"' not in answer.content.decode()


def test_a_stranger_is_led_to_the_sign_in() -> None:
    assert Client().post(PAGE, CHOICE)["Location"].startswith("/login/")
