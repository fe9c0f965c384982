"""Replaces the challenge questions of a person and their answers."""

from collections.abc import Mapping

from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts import answers as challenge_answers
from accounts import emails_profile as emails
from accounts import passwords
from accounts.audit_tags import Tag
from accounts.data.questions import REQUIRED_ANSWERS
from accounts.models import ChallengeAnswer, User
from audit import events


def has_answers(user: User) -> bool:
    """Whether the person has a full set; accounts made by a command have none."""
    return ChallengeAnswer.objects.filter(user=user).count() == REQUIRED_ANSWERS


def is_password(user: User, answer: str) -> bool:
    """Whether an answer is the person's password, letter by letter; costs a hash."""
    return passwords.is_storable(answer) and check_password(answer, user.password)


def replace(*, user_id: int, answers: Mapping[str, str]) -> None:
    """Keep these answers, by question code, instead of the old ones."""
    hashes = {question: challenge_answers.make_hash(answer) for question, answer in answers.items()}
    _write(user_id, hashes)


@transaction.atomic
def _write(user_id: int, hashes: Mapping[str, str]) -> None:
    user = User.objects.select_for_update().get(pk=user_id)
    ChallengeAnswer.objects.filter(user=user).delete()
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(user=user, question=question, hash=hashed)
        for question, hashed in hashes.items()
    )
    events.record(Tag.CHANGE_QUESTIONS, actor=user, target=user)
    emails.questions_changed(user)
