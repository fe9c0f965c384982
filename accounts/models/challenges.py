"""The answers to challenge questions, kept so that nobody can read them."""

from django.conf import settings
from django.db import models

from accounts.data.questions import QUESTIONS


class ChallengeAnswer(models.Model):
    """One answer of one person: the hash of a keyed digest, see ``accounts.answers``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="challenge_answers"
    )
    question = models.CharField(max_length=40, choices=QUESTIONS)
    hash = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "question"), name="one_answer_per_question"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.question}"
