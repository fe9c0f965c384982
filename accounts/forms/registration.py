"""The steps of the registration: terms, information, credentials."""

import unicodedata
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

import clock
from accounts import text
from accounts.data.states import STATES

OLDEST_YEARS = 120
SUFFIXES = [
    ("", _("None")),
    *((suffix, suffix) for suffix in ("Jr.", "Sr.", "II", "III", "IV", "V")),
]
_NAME_LENGTH = 60
_LONGEST_NUMBER = 40
_BETWEEN_LETTERS = " .'\u2019-"


class TermsForm(forms.Form):
    """The check box of the first step."""

    agree = forms.BooleanField(
        label=_("I agree to the terms and conditions"),
        error_messages={"required": _("Check this box to go on.")},
    )


class CleanedCharField(forms.CharField):
    """A text without invisible characters and compatibility forms, on one line."""

    def to_python(self, value: Any) -> str:
        """Clean before lengths are checked."""
        return text.clean(super().to_python(value) or "")


class NameField(CleanedCharField):
    """A part of a legal name: letters of any script, and what stands between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_NAME_LENGTH, **kwargs)

    def validate(self, value: str) -> None:
        """Refuse what is no name, such as digits, angle brackets or addresses."""
        super().validate(value)
        if not all(char.isalpha() or char in _BETWEEN_LETTERS or _is_mark(char) for char in value):
            raise forms.ValidationError(
                _("Use letters, spaces, hyphens, apostrophes and periods only."), code="characters"
            )
        if value and not any(char.isalpha() for char in value):
            raise forms.ValidationError(_("Enter a name."), code="letters")


class PhoneField(CleanedCharField):
    """A telephone number, kept in international form; without country code it is American."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "autocomplete": "tel"}
        super().__init__(
            **{
                "label": _("Phone Number"),
                "max_length": _LONGEST_NUMBER,
                "error_messages": {"required": _("Enter a phone number with area code.")},
                "widget": forms.TextInput(attrs=attrs),
                **kwargs,
            }
        )

    def to_python(self, value: Any) -> str:
        """The number as +12025550143; raises ``ValidationError`` when it cannot be one."""
        typed = super().to_python(value)
        if not typed or len(typed) > _LONGEST_NUMBER:
            return typed
        try:
            number = phonenumbers.parse(typed, "US")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number) or number.extension:
            raise forms.ValidationError(
                _("Enter a phone number with area code, for example (202) 555-0143."),
                code="invalid",
            )
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


class EmailPairForm(forms.Form):
    """An e-mail address, typed twice."""

    email = forms.CharField(
        label=_("E-mail Address"),
        max_length=254,
        error_messages={"required": _("Enter your e-mail address.")},
        help_text=_("Everything the portal has to tell you goes to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    confirm_email = forms.CharField(
        label=_("Confirm E-mail Address"),
        max_length=254,
        error_messages={"required": _("Enter your e-mail address again.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """The address as it will be used: one spelling for one mailbox."""
        return clean_email(self.cleaned_data["email"])

    def clean_confirm_email(self) -> str:
        """Compared after cleaning, so that a pasted space does not matter."""
        return text.clean(self.cleaned_data["confirm_email"])

    def clean(self) -> dict[str, Any]:
        """Both e-mail addresses must be the same mailbox."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        email, again = cleaned.get("email"), cleaned.get("confirm_email")
        if email and again and text.key(email) != text.key(again):
            self.add_error("confirm_email", _("The two e-mail addresses are not the same."))
        return cleaned


class AddressForm(forms.Form):
    """Where somebody lives."""

    address_line_1 = CleanedCharField(
        label=_("Home Address Line 1"),
        max_length=100,
        error_messages={"required": _("Enter the street and number.")},
        help_text=_("Where you live, not where you work."),
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    address_line_2 = CleanedCharField(
        label=_("Home Address Line 2"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    city = CleanedCharField(
        label=_("City"),
        max_length=60,
        error_messages={"required": _("Enter the city.")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    state = forms.ChoiceField(
        label=_("State or Territory"),
        choices=[("", _("Select your state")), *STATES],
        error_messages={"required": _("Select the state or territory.")},
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    zip_code = CleanedCharField(
        label=_("ZIP Code"),
        help_text=_("Enter five digits, for example 21244."),
        error_messages={"required": _("Enter the ZIP code.")},
        validators=[RegexValidator(r"\A[0-9]{5}\Z", _("Enter five digits."))],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    zip_extension = CleanedCharField(
        label=_("ZIP+4 Extension"),
        required=False,
        help_text=_("Enter four digits, or leave it empty."),
        validators=[RegexValidator(r"\A[0-9]{4}\Z", _("Enter four digits, or leave it empty."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class LegalNameForm(forms.Form):
    """The parts of a legal name."""

    first_name = NameField(
        label=_("First Name"),
        error_messages={"required": _("Enter the first name.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    middle_name = NameField(
        label=_("Middle Name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "additional-name"}),
    )
    last_name = NameField(
        label=_("Last Name"),
        error_messages={"required": _("Enter the last name.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    suffix = forms.ChoiceField(label=_("Suffix"), choices=SUFFIXES, required=False)


class InformationForm(LegalNameForm, EmailPairForm, AddressForm):
    """Who the person is and how to reach them; the date of birth is checked and dropped."""

    field_order = (
        *("first_name", "middle_name", "last_name", "suffix", "email", "confirm_email"),
        *("date_of_birth", "address_line_1", "address_line_2", "city", "state"),
        *("zip_code", "zip_extension", "phone"),
    )

    date_of_birth = forms.DateField(
        label=_("Date of Birth"),
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y"],
        help_text=_(
            "Month, day and year, for example 04/28/1976. We check that you are old enough "
            "and do not keep the date."
        ),
        error_messages={
            "required": _("Enter your date of birth."),
            "invalid": _("Enter a date as month/day/year, for example 04/28/1976."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "bday", "inputmode": "numeric"}),
    )
    phone = PhoneField(
        label=_("Primary Phone Number"),
        help_text=_("A mobile number if you have one, for example (202) 555-0143."),
    )

    def clean_date_of_birth(self) -> bool:
        """True for an adult; the date itself leaves with this request."""
        born = self.cleaned_data["date_of_birth"]
        years = age(born, clock.today())
        if not 0 <= years <= OLDEST_YEARS:
            raise forms.ValidationError(_("Enter your own date of birth."), code="impossible")
        if years < settings.MINIMUM_AGE_YEARS:
            raise forms.ValidationError(
                _("You must be at least %(years)d years old to have an account."),
                code="minor",
                params={"years": settings.MINIMUM_AGE_YEARS},
            )
        return True

    def kept(self) -> dict[str, str]:
        """What goes into the session: everything but the date of birth and the repetition."""
        dropped = {"date_of_birth", "confirm_email"}
        return {name: value for name, value in self.cleaned_data.items() if name not in dropped}


def clean_email(typed: str) -> str:
    """The address in one spelling; raises ``ValidationError`` when it cannot be one."""
    email = text.clean(typed)
    forms.EmailField(max_length=254).clean(email)
    if not email.isascii():
        raise forms.ValidationError(
            _("Use an e-mail address with plain letters, digits and signs."), code="ascii"
        )
    local, _at, domain = email.rpartition("@")
    return f"{local}@{domain.lower()}"


def age(born: date, today: date) -> int:
    """Whole years; somebody born on February 29 is a year older from March 1 on."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
