"""What an agent types for each action: always a reason, and what the action needs besides."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from access_requests.forms.fields import LineField
from accounts.assurance import IAL, ial_of
from accounts.forms.registration import LegalNameForm
from accounts.models import ProofingCase, SecurityCase, User
from accounts.reasons import Reason as AccountReason
from accounts.services import devices
from support.forms.helpdesk import REASON_LENGTH

PROVEN, NOT_PROVEN = "proven", "not_proven"
OUTCOMES = [
    ("", _("Choose the outcome")),
    (PROVEN, _("The identity is proven")),
    (NOT_PROVEN, _("The identity is not proven")),
]


class ActionForm(forms.Form):
    """The reason for an action on the account of ``person``."""

    reason = LineField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("It is recorded. The person gets a mail about what was done."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.order_fields([name for name in self.fields if name != "reason"])


class ResetForm(ActionForm):
    """Whether the caller can prove more than the mailbox."""

    lost_factor = forms.BooleanField(
        label=_("The caller has no device and no answers left"),
        required=False,
        help_text=_("The link then leaves after 24 hours, and all addresses are told at once."),
    )


class DeviceForm(ActionForm):
    """Which device goes."""

    device = forms.TypedChoiceField(label=_("MFA device"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["device"]).choices = [
            (device.pk, f"{device.name} ({device.get_kind_display()})")
            for device in devices.confirmed_for(self.person)
        ]


class EmailForm(ActionForm):
    """Where mail goes from now on, typed twice."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)
    confirm_email = forms.EmailField(label=_("Confirm new e-mail address"), max_length=254)

    def clean(self) -> dict[str, Any]:
        """Refuse two different addresses."""
        cleaned = super().clean() or {}
        typed, again = cleaned.get("email"), cleaned.get("confirm_email")
        if typed and again and typed.casefold() != again.casefold():
            self.add_error("confirm_email", _("The two addresses are not the same."))
        return cleaned


class OutcomeForm(ActionForm):
    """How a check of the identity ended."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES)

    @property
    def is_proven(self) -> bool:
        """Whether the identity is proven."""
        return bool(self.cleaned_data["outcome"] == PROVEN)


class DocumentsField(forms.MultipleChoiceField):
    """Which documents the agent has seen; their kinds, never copies or numbers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Documents you have seen"),
            choices=ProofingCase.Document.choices,
            help_text=_("One with a photograph and one more. Keep no copies and note no numbers."),
            **kwargs,
        )


class DocumentsForm(OutcomeForm):
    """Which documents the agent has seen, and what they prove."""

    documents = DocumentsField(required=False)


class NameForm(ActionForm, LegalNameForm):
    """The right name, beginning with the present one; a proven identity takes documents besides."""

    documents = DocumentsField(error_messages={"required": AccountReason.DOCUMENTS_MISSING.label})

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        names = list(LegalNameForm.base_fields)
        initial = {name: getattr(person, name) for name in names}
        super().__init__(*args, person=person, initial=initial, **kwargs)
        self.order_fields([*names, "documents"])
        for name in names:
            # What a browser fills in would be the agent's own name.
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if ial_of(person) < IAL.PROOFED:
            del self.fields["documents"]

    @property
    def name(self) -> dict[str, str]:
        """The parts of the name, by their fields."""
        return {name: self.cleaned_data[name] for name in LegalNameForm.base_fields}


class CaseForm(ActionForm):
    """How a report "this was not me" ended."""

    resolution = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("Choose the outcome")), *SecurityCase.Resolution.choices],
    )
