"""The last form of the registration: User ID, password, three questions and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import answers, passwords, text, user_ids
from accounts.data.questions import QUESTIONS, REQUIRED_ANSWERS
from accounts.forms.password_pair import PasswordPair

_CHOICES = [("", _("Select a question")), *QUESTIONS]
_NO_QUESTION = {"required": _("Select a question.")}
_NO_ANSWER = {"required": _("Enter an answer to the question.")}


class UnfilledTextInput(forms.TextInput):
    """A readable field whose value never comes back to the page."""

    def format_value(self, value: Any) -> None:
        """Nothing: a wrong form asks for secrets again."""


def _is_a_question(squeezed: str) -> bool:
    """Whether an answer only repeats one of the questions."""
    return squeezed in {answers.squeezed(str(words)) for _code, words in QUESTIONS}


class UserIdChoiceForm(forms.Form):
    """A User ID somebody would like to have."""

    user_id = forms.CharField(
        label=_("User ID"),
        max_length=300,
        error_messages={"required": _("Enter a User ID.")},
        help_text=_(
            "Choose 6 to 74 characters with at least one letter. "
            "Capital and small letters are the same."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_user_id(self) -> str:
        """The User ID as it will be shown."""
        return user_ids.clean(self.cleaned_data["user_id"])


class QuestionChoiceForm(forms.Form):
    """Three challenge questions, chosen and answered."""

    question_1 = forms.ChoiceField(
        label=_("Challenge Question 1"), choices=_CHOICES, error_messages=_NO_QUESTION
    )
    answer_1 = forms.CharField(label=_("Answer 1"), error_messages=_NO_ANSWER)
    question_2 = forms.ChoiceField(
        label=_("Challenge Question 2"), choices=_CHOICES, error_messages=_NO_QUESTION
    )
    answer_2 = forms.CharField(label=_("Answer 2"), error_messages=_NO_ANSWER)
    question_3 = forms.ChoiceField(
        label=_("Challenge Question 3"), choices=_CHOICES, error_messages=_NO_QUESTION
    )
    answer_3 = forms.CharField(label=_("Answer 3"), error_messages=_NO_ANSWER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, REQUIRED_ANSWERS + 1):
            self.fields[f"answer_{number}"].widget = UnfilledTextInput(
                attrs={"autocomplete": "off"}
            )

    def clean(self) -> dict[str, Any]:
        """Three different questions and answers, none of them easy to guess."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen_questions: set[str] = set()
        seen_answers: set[str] = set()
        for number in range(1, REQUIRED_ANSWERS + 1):
            self._check_question(number, seen_questions)
            self._check_answer(number, seen_answers)
        return cleaned

    def is_a_known_secret(self, answer: str) -> bool:
        """Whether an answer is the User ID or the password of the person."""
        raise NotImplementedError

    def _check_question(self, number: int, seen: set[str]) -> None:
        question = self.cleaned_data.get(f"question_{number}")
        if question and question in seen:
            self.add_error(f"question_{number}", _("Choose three different questions."))
        seen.add(question or "")

    def _check_answer(self, number: int, seen: set[str]) -> None:
        name = f"answer_{number}"
        answer = self.cleaned_data.get(name)
        if answer is None:
            return
        problem = self._problem_of(answer, seen)
        if problem:
            self.add_error(name, problem)
        seen.add(answers.squeezed(answer))

    def _problem_of(self, answer: str, seen: set[str]) -> Any:
        squeezed = answers.squeezed(answer)
        if len(answer) > answers.MAXIMUM_LENGTH:
            return _("Use at most 100 characters.")
        if len(squeezed) < answers.MINIMUM_LENGTH:
            return _("Use at least three letters or digits.")
        if squeezed in answers.TOO_COMMON or len(set(squeezed)) == 1:
            return _("Choose an answer that others would not guess.")
        if _is_a_question(squeezed) or self.is_a_known_secret(answer):
            return _("The answer must not be your User ID, your password or a question.")
        if squeezed in seen:
            return _("Give three different answers.")
        return None

    def challenge_answers(self) -> dict[str, str]:
        """Answers by question."""
        return {
            self.cleaned_data[f"question_{number}"]: self.cleaned_data[f"answer_{number}"]
            for number in range(1, REQUIRED_ANSWERS + 1)
        }


class CredentialsForm(UserIdChoiceForm, QuestionChoiceForm, PasswordPair):
    """User ID, password twice, and the challenge questions that gate a later recovery."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Choose a password.")},
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "aria-describedby": "password-rules"}
        ),
    )
    confirm_password = forms.CharField(
        label=_("Confirm Password"),
        strip=False,
        error_messages={"required": _("Enter the password again.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = (
        *("user_id", "password", "confirm_password"),
        *("question_1", "answer_1", "question_2", "answer_2", "question_3", "answer_3"),
    )

    def __init__(self, *args: Any, names: tuple[str, str] = ("", ""), **kwargs: Any) -> None:
        """``names`` are the first and last name, which the password must not contain."""
        super().__init__(*args, **kwargs)
        self.names = names

    def clean_password(self) -> str:
        """Check all rules at once, so that nobody has to try one after the other."""
        password: str = self.cleaned_data["password"]
        # The User ID as typed counts even when it breaks a rule of its own.
        typed = self.cleaned_data.get("user_id") or self.data.get("user_id", "")
        self.judge(password, passwords.Context(str(typed)[:300], self.names))
        return password

    def is_a_known_secret(self, answer: str) -> bool:
        """Whether an answer is the User ID or the password chosen here."""
        known = {
            answers.squeezed(self.cleaned_data.get("user_id") or ""),
            answers.squeezed(self.cleaned_data.get("password") or ""),
        }
        return answers.squeezed(answer) in known


def names_of(information: dict[str, Any]) -> tuple[str, str]:
    """First and last name out of the information step."""
    return (text.clean(information["first_name"]), text.clean(information["last_name"]))
