"""The three challenge questions of a person, to be answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.credentials import UnfilledTextInput
from accounts.services.challenge import Question


class ChallengeForm(forms.Form):
    """One field a question; what was typed never comes back to the page."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        """``questions`` are those of ``challenge.questions_for``."""
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions, start=1):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=question.words,
                max_length=100,
                widget=UnfilledTextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": _("Answer this question.")},
            )

    def answers(self) -> dict[str, str]:
        """The answers by question code, as ``challenge.check`` wants them."""
        return {
            question.code: self.cleaned_data[f"answer_{number}"]
            for number, question in enumerate(self.questions, start=1)
        }
