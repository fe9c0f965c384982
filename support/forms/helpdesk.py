"""What an agent types: whom to find and why, and how a caller was verified."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from access_requests.forms.fields import LineField
from support.models import Contact

REASON_LENGTH = 250
_SSN = re.compile(r"\d{3}[- ]\d{2}[- ]\d{4}")

Choices = Iterable[tuple[Any, Any]]


class WhyForm(forms.Form):
    """Why an agent looks: nothing is shown without it."""

    reason = LineField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("What the caller needs. Whose account you open reads it in a mail."),
    )
    reference = LineField(
        label=_("Call or ticket number"),
        max_length=40,
    )


class SearchForm(WhyForm):
    """Whom to find."""

    field_order = ("q", "system", "reason", "reference")

    q = LineField(
        label=_("Search for"),
        min_length=3,
        max_length=100,
        help_text=_(
            "User ID, name, e-mail address, phone number, tracking number, or the number of a case"
        ),
    )

    def clean_q(self) -> str:
        """Refuse what looks like a Social Security number: it must not end up in the log."""
        wanted = str(self.cleaned_data["q"])
        if _SSN.fullmatch(wanted):
            raise forms.ValidationError(_("Never type a Social Security number here."))
        return wanted


class ApplicationSearchForm(SearchForm):
    """Whom to find, among the people of an application."""

    system = forms.ChoiceField(label=_("Application"), required=False)

    def __init__(self, *args: Any, systems: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["system"])
        field.choices = [("", _("All my applications")), *systems]


class CodeForm(forms.Form):
    """The code that the caller reads."""

    code = LineField(
        label=_("Code the caller reads to you"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SendForm(forms.Form):
    """To which registered device a code goes."""

    device = forms.TypedChoiceField(label=_("Registered device"), coerce=int)

    def __init__(self, *args: Any, devices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["device"]).choices = list(devices)


class OtherwiseForm(forms.Form):
    """How the agent verified a caller who can read no code."""

    way = forms.ChoiceField(
        label=_("How did you verify the caller?"),
        choices=[(way.value, way.label) for way in Contact.BY_JUDGEMENT],
    )
    note = LineField(
        label=_("What did you check?"),
        max_length=REASON_LENGTH,
        help_text=_("The kind of document, or who vouched. No numbers of documents or phones."),
    )


class DecisionForm(forms.Form):
    """What a second agent decides, and why."""

    CONFIRM, DROP = "confirm", "drop"

    decision = forms.ChoiceField(
        choices=[(CONFIRM, CONFIRM), (DROP, DROP)], widget=forms.HiddenInput
    )
    reason = LineField(
        label=_("Reason for your decision"),
        help_text=_("What you have checked yourself. The person will read it."),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Give a reason: the person will read it.")},
    )


class RetryForm(forms.Form):
    """Which failed mails are sent again."""

    mails = forms.TypedMultipleChoiceField(label=_("Mails"), coerce=int)

    def __init__(self, *args: Any, mails: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["mails"])
        field.choices = list(mails)
        field.error_messages["required"] = _("Choose at least one mail.")
