"""A person's own data, to look at."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import assurance, phones
from accounts.access import signed_in
from accounts.models import BusinessContact, User
from accounts.services import challenge, email_change
from accounts.services.profile import business_contact_of


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """View My Profile: read only; links lead to what can be changed."""
    user = cast(User, request.user)
    aal = assurance.aal_of(request.session)
    context = {
        "personal": _rows(_personal(user)),
        "contact": _contact(user),
        "business": _rows(_business(business_contact_of(user))),
        "account": _account(user, aal),
        "email_change": email_change.pending_of(user),
        "asks_questions": challenge.is_enabled(),
    }
    return render(request, "accounts/profile.html", context)


def _rows(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label, value in pairs]


def _personal(user: User) -> list[tuple[str, str]]:
    return [
        (_("First Name"), user.first_name),
        (_("Middle Name"), user.middle_name),
        (_("Last Name"), user.last_name),
        (_("Suffix"), user.suffix),
    ]


def _contact(user: User) -> list[dict[str, Any]]:
    rows = _rows(
        [
            (_("E-mail Address"), user.email),
            (_("Primary Phone Number"), phones.readable(user.phone)),
            (_("Home Address"), _lines(user)),
        ]
    )
    changed_on = ("change_profile", "change_profile", "change_home_address")
    for row, name in zip(rows, changed_on, strict=True):
        row.update(href=reverse(f"accounts:{name}"), action=_("Change"))
    return rows


def _business(contact: BusinessContact | None) -> list[tuple[str, str]]:
    if contact is None:
        return []
    phone = phones.readable(contact.phone)
    if contact.phone_extension:
        phone = _("%(number)s, extension %(extension)s") % {
            "number": phone,
            "extension": contact.phone_extension,
        }
    return [
        (_("Company"), contact.company),
        (_("Job Title"), contact.job_title),
        (_("Business Address"), _lines(contact)),
        (_("Business Phone Number"), phone),
    ]


def _lines(of: User | BusinessContact) -> str:
    zip_code = "-".join(part for part in (of.zip_code, of.zip_extension) if part)
    place = ", ".join(part for part in (of.city, of.get_state_display()) if part)
    lines = (of.address_line_1, of.address_line_2, f"{place} {zip_code}".strip())
    return "\n".join(line for line in lines if line)


def _account(user: User, aal: int) -> list[dict[str, Any]]:
    rows = _rows(_about_account(user, aal))
    rows[1].update(href=reverse("accounts:proofing"), action=_("Identity Verification"))
    return rows


def _about_account(user: User, aal: int) -> list[tuple[str, str]]:
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
