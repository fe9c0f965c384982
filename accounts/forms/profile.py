"""What people change about themselves."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts import answers, phones, text
from accounts.forms.credentials import QuestionChoiceForm
from accounts.forms.registration import AddressForm, CleanedCharField, EmailPairForm, PhoneField
from accounts.models import BusinessContact, User
from accounts.services import question_choice


class ChangeProfileForm(EmailPairForm):
    """E-mail address, twice, and primary phone number; begins with what is known."""

    phone = PhoneField(
        label=_("Primary Phone Number"),
        help_text=_("A mobile number if you have one, for example (202) 555-0143."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """A number can be changed but not taken away; who has none may leave it so."""
        known = {
            "email": user.email,
            "confirm_email": user.email,
            "phone": phones.readable(user.phone),
        }
        super().__init__(*args, **{**kwargs, "initial": known})
        self.fields["phone"].required = bool(user.phone)
        self.fields["email"].help_text = _(
            "We send a link to a new address. Until you open it, the present address stays."
        )


class HomeAddressForm(AddressForm):
    """Where the person lives."""


class BusinessContactForm(AddressForm):
    """How the person is reached at work; everything may stay empty."""

    company = CleanedCharField(
        label=_("Company"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    job_title = CleanedCharField(
        label=_("Job Title"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = PhoneField(label=_("Business Phone Number"))
    phone_extension = CleanedCharField(
        label=_("Extension"),
        validators=[RegexValidator(r"\A[0-9]{1,6}\Z", _("Enter up to six digits."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("company", "job_title", *AddressForm.base_fields, "phone", "phone_extension")

    def __init__(self, *args: Any, contact: BusinessContact | None, **kwargs: Any) -> None:
        """``contact`` is what is known now."""
        known = {name: getattr(contact, name, "") for name in type(self).base_fields}
        known["phone"] = phones.readable(known["phone"])
        super().__init__(*args, **{**kwargs, "initial": known})
        for name, field in self.fields.items():
            field.required = False
            if name in AddressForm.base_fields or name == "phone":
                _mark_as_work(field)
        self.fields["address_line_1"].label = _("Business Address Line 1")
        self.fields["address_line_1"].help_text = ""
        self.fields["address_line_2"].label = _("Business Address Line 2")

    def clean(self) -> dict[str, Any]:
        """An extension belongs to a number."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("phone_extension") and not cleaned.get("phone"):
            self.add_error("phone", _("Enter the number to which the extension belongs."))
        return cleaned


def _mark_as_work(field: forms.Field) -> None:
    """Let browsers fill in the address of work, not the one of home."""
    kind = field.widget.attrs.get("autocomplete")
    if kind:
        field.widget.attrs["autocomplete"] = (
            f"work {kind}" if kind == "tel" else f"section-work {kind}"
        )


class ChangeQuestionsForm(QuestionChoiceForm):
    """Three questions and answers, chosen anew."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` is whose User ID and password are no answers."""
        super().__init__(*args, **kwargs)
        self.user = user

    def is_a_known_secret(self, answer: str) -> bool:
        """Whether an answer is the User ID or the present password."""
        return answers.squeezed(answer) == answers.squeezed(
            self.user.user_id
        ) or question_choice.is_password(self.user, text.clean(answer))
