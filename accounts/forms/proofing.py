"""The steps of proving an identity; what is asked here goes to the bureau and nowhere else."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import text
from accounts.forms.registration import InformationForm
from accounts.models import User
from accounts.proofing.provider import Applicant, Question

_SEPARATORS = re.compile(r"[\s.\u2010-\u2015-]")
_NINE_DIGITS = re.compile(r"\A[0-9]{9}\Z")
# No Social Security number begins with 000, 666 or 9, and none has an empty part.
_NOBODYS = re.compile(r"\A(?:000|666|9..)|\A...00|0000\Z")
_INVENTED = re.compile(r"\A9")
PREFILLED = (
    *("first_name", "middle_name", "last_name", "suffix", "phone"),
    *("address_line_1", "address_line_2", "city", "state", "zip_code", "zip_extension"),
)


class UnechoedInput(forms.TextInput):
    """A text field that never shows again what was typed into it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Leave the value out."""
        return super().get_context(name, None, attrs)


class ProofingInformationForm(InformationForm):
    """Who the person is, for the bureau: prefilled from the account but for the two secrets."""

    email = None  # type: ignore[assignment] # how Django takes a field away
    confirm_email = None  # type: ignore[assignment]
    ssn = forms.CharField(
        label=_("Social Security Number"),
        max_length=20,
        widget=UnechoedInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    date_of_birth = forms.DateField(
        label=_("Date of Birth"),
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y"],
        help_text=_("Month, day and year, for example 04/28/1976."),
        error_messages={"invalid": _("Enter a date as month/day/year, for example 04/28/1976.")},
        widget=UnechoedInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = (  # type: ignore[assignment] # a tuple of another length
        *("first_name", "middle_name", "last_name", "suffix", "ssn", "date_of_birth"),
        *("address_line_1", "address_line_2", "city", "state", "zip_code", "zip_extension"),
        "phone",
    )

    def __init__(self, *args: Any, user: User, is_simulated: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(user, name) for name in PREFILLED}
        super().__init__(*args, **kwargs)
        self.user = user
        self.is_simulated = is_simulated
        self.fields["ssn"].help_text = (
            _("Nine made-up digits that begin with 9, for example 900-55-0101. Never a real one.")
            if is_simulated
            else _("Nine digits. It goes to the bureau and is not kept.")
        )

    def clean_ssn(self) -> str:
        """Nine digits that a person can have, or in training nine that nobody can have."""
        ssn = _SEPARATORS.sub("", self.cleaned_data["ssn"])
        if not _NINE_DIGITS.match(ssn):
            raise forms.ValidationError(_("Enter nine digits."), code="digits")
        if self.is_simulated and not _INVENTED.match(ssn):
            raise forms.ValidationError(
                _(
                    "This could be somebody's number. In training only made-up numbers that begin "
                    "with 9 are taken; see the list of test identities."
                ),
                code="real",
            )
        if not self.is_simulated and _NOBODYS.search(ssn):
            raise forms.ValidationError(
                _("Nobody has this number. Please check your typing."), code="impossible"
            )
        return ssn

    def clean_date_of_birth(self) -> date:  # type: ignore[override] # here the date is wanted
        """The date of birth of an adult."""
        born: date = self.cleaned_data["date_of_birth"]
        super().clean_date_of_birth()
        return born

    def clean(self) -> dict[str, Any]:
        """The identity that is proven has to be the one that the account shows."""
        cleaned: dict[str, Any] = self.cleaned_data
        for name in ("first_name", "last_name"):
            typed = cleaned.get(name)
            if typed and text.key(typed) != text.key(getattr(self.user, name)):
                self.add_error(
                    name,
                    forms.ValidationError(
                        _(
                            "Your account says %(name)s. If your legal name differs from that, "
                            "have the help desk correct your account first."
                        ),
                        code="differs",
                        params={"name": getattr(self.user, name)},
                    ),
                )
        return cleaned

    def applicant(self) -> Applicant:
        """What the bureau is told; call it on a valid form."""
        data = self.cleaned_data
        names = Applicant.__dataclass_fields__
        return Applicant(**{name: data[name] for name in names})


class QuestionsForm(forms.Form):
    """The bureau's multiple-choice questions; only the positions of the choices come back."""

    attempt = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    set_number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"answer_{number}" for number in range(1, len(questions) + 1)]
        for name, question in zip(self.names, questions, strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=question.text,
                choices=[(str(at), choice) for at, choice in enumerate(question.choices)],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Choose one of the answers.")},
            )

    def chosen(self) -> list[int]:
        """The positions of the chosen answers; call it on a valid form."""
        return [self.cleaned_data[name] for name in self.names]
