"""A person's own data."""

from typing import cast

import phonenumbers
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import assurance
from accounts.access import signed_in
from accounts.models import User


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """View My Profile: read only."""
    user = cast(User, request.user)
    aal = assurance.aal_of(request.session)
    context = {
        "personal": _rows(_personal(user)),
        "contact": _rows(_contact(user)),
        "account": _rows(_account(user, aal)),
    }
    return render(request, "accounts/profile.html", context)


def _rows(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]


def _personal(user: User) -> list[tuple[str, str]]:
    return [
        (_("First Name"), user.first_name),
        (_("Middle Name"), user.middle_name),
        (_("Last Name"), user.last_name),
        (_("Suffix"), user.suffix),
    ]


def _contact(user: User) -> list[tuple[str, str]]:
    zip_code = "-".join(part for part in (user.zip_code, user.zip_extension) if part)
    place = ", ".join(part for part in (user.city, user.get_state_display()) if part)
    lines = (user.address_line_1, user.address_line_2, f"{place} {zip_code}".strip())
    return [
        (_("E-mail Address"), user.email),
        (_("Primary Phone Number"), _readable(user.phone)),
        (_("Home Address"), "\n".join(line for line in lines if line)),
    ]


def _account(user: User, aal: int) -> list[tuple[str, str]]:
    return [
        (_("User ID"), user.user_id),
        (_("Level of Assurance"), assurance.loa_label(user.ial, aal)),
        (_("Account created"), date_format(localtime(user.created_at), "DATE_FORMAT")),
        (
            _("Last login"),
            date_format(localtime(user.last_sign_in_at), "DATETIME_FORMAT")
            if user.last_sign_in_at
            else "",
        ),
    ]


def _readable(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone, "US")
    except phonenumbers.NumberParseException:
        return phone
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, style))
