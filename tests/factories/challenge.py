"""Gives people answers to challenge questions."""

from accounts import answers
from accounts.models import ChallengeAnswer, User

ANSWERS = {
    "disliked_food": "Turnips with cream",
    "stuffed_animal": "Sergeant Buttons",
    "first_prize": "Swimming across the bay",
}


def give_answers(user: User, given: dict[str, str] | None = None) -> User:
    """The same person, who has answered three questions."""
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(user=user, question=question, hash=answers.make_hash(answer))
        for question, answer in (given or ANSWERS).items()
    )
    return user
