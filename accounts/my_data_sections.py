"""What the accounts room holds on a person, and the mails to that person."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts import my_data_security, phones
from accounts.models import RulesDocument, TermsAcceptance, User
from accounts.my_data import Section, register, related_section, rows_of
from notifications.models import OutboxMessage

_ACCOUNT: dict[str, Any] = {
    "user_id": _("User ID"),
    "first_name": _("First name"),
    "middle_name": _("Middle name"),
    "last_name": _("Last name"),
    "suffix": _("Suffix"),
    "email": _("E-mail address"),
    "phone": _("Primary phone number"),
    "address_line_1": _("Home address line 1"),
    "address_line_2": _("Home address line 2"),
    "city": _("City"),
    "state": _("State or territory"),
    "zip_code": _("ZIP code"),
    "zip_extension": _("ZIP+4 extension"),
    "language": _("Preferred language"),
    "contrast": _("Contrast"),
    "text_size": _("Text size"),
    "motion": _("Movement"),
    "ial": _("Identity assurance"),
    "proofed_at": _("Identity proven"),
    "has_mfa": _("Has an MFA device"),
    "mfa_offered_at": _("Offered an MFA device"),
    "created_at": _("Account created"),
    "last_sign_in_at": _("Last login"),
    "password_changed_at": _("Password last changed"),
    "is_active": _("Active"),
    "deactivated_at": _("Deactivated"),
    "deactivation_reason": _("Reason of the deactivation"),
    "suspended_at": _("Suspended"),
    "frozen_at": _("Frozen by you"),
    "expired_at": _("Expired unused"),
    "is_staff": _("Staff of the portal"),
    "is_superuser": _("Superuser"),
    "groups": _("Groups"),
    "permissions": _("Single permissions"),
}
_BUSINESS: dict[str, Any] = {
    "company": _("Company"),
    "job_title": _("Job title"),
    "address_line_1": _("Business address line 1"),
    "address_line_2": _("Business address line 2"),
    "city": _("City"),
    "state": _("State or territory"),
    "zip_code": _("ZIP code"),
    "zip_extension": _("ZIP+4 extension"),
    "phone": _("Business phone number"),
    "phone_extension": _("Extension"),
    "changed_at": _("Last changed"),
}


def _account(user: User) -> Iterable[Mapping[str, Any]]:
    columns = [name for name in _ACCOUNT if name not in {"groups", "permissions"}]
    for row in rows_of([user], columns):
        groups = user.groups.order_by("name").values_list("name", flat=True)
        permissions = user.user_permissions.order_by("codename").values_list("codename", flat=True)
        yield {**row, "groups": ", ".join(groups), "permissions": ", ".join(permissions)}


def _mails(user: User) -> Iterable[Mapping[str, Any]]:
    found = OutboxMessage.objects.filter(recipient=user).order_by("-pk")
    return rows_of(found.defer("last_error"), _MAIL)


_MAIL: dict[str, Any] = {
    "created_at": _("Written"),
    "subject": _("Subject"),
    "to": _("To"),
    "sent_at": _("Sent"),
    "status": _("State"),
}


def _business(user: User) -> Iterable[Mapping[str, Any]]:
    contact = getattr(user, "business_contact", None)
    return rows_of([contact] if contact else [], _BUSINESS)


def _languages(codes: set[str]) -> Mapping[str, str]:
    return {code: get_language_info(code)["name_translated"] for code in codes if code in LANG_INFO}


def _numbers(numbers: set[str]) -> Mapping[str, str]:
    return {number: phones.readable(number) for number in numbers}


def _documents(codes: set[str]) -> Mapping[str, Any]:
    own = RulesDocument.objects.filter(code__in=codes).values_list("code", "title")
    return {**dict(own), **dict(TermsAcceptance.Document.choices)}


def register_all() -> None:
    """Register the sections of this room."""
    my_data_security.register_all()
    register(
        Section(
            name="account",
            title=_("Account"),
            columns=_ACCOUNT,
            read=_account,
            tables=("accounts.User",),
            place=10,
            is_single=True,
            titles={"language": _languages, "phone": _numbers},
        ),
        Section(
            name="business_contact",
            title=_("Business contact information"),
            columns=_BUSINESS,
            read=_business,
            tables=("accounts.BusinessContact",),
            place=11,
            is_single=True,
        ),
        related_section(
            12,
            "email_changes",
            _("Changes of your e-mail address"),
            "email_changes",
            "-pk",
            "accounts.EmailChange",
            created_at=_("Asked for"),
            old_email=_("Old address"),
            new_email=_("New address"),
            asked_by=_("Asked by"),
            status=_("State"),
            finished_at=_("Ended"),
        ),
        related_section(
            13,
            "challenge_questions",
            _("Challenge questions (nobody can read the answers)"),
            "challenge_answers",
            "question",
            "accounts.ChallengeAnswer",
            question=_("Question"),
        ),
        related_section(
            14,
            "passwords",
            _("Passwords (nobody can read them)"),
            "password_history",
            "-set_at",
            "accounts.PasswordHistory",
            set_at=_("Set"),
        ),
        related_section(
            15,
            "password_resets",
            _("Forgotten passwords"),
            "password_resets",
            "-pk",
            "accounts.PasswordReset",
            requested_at=_("Asked for"),
            origin=_("Where from"),
            asked_by=_("Started by"),
            proven_by=_("Second proof"),
            status=_("State"),
            finished_at=_("Ended"),
        ),
        replace(
            related_section(
                16,
                "acceptances",
                _("Terms and rules you accepted"),
                "terms_acceptances",
                "-pk",
                "accounts.TermsAcceptance",
                document=_("Document"),
                version=_("Version"),
                accepted_at=_("Accepted"),
                address=_("Network address"),
            ),
            titles={"document": _documents},
        ),
        Section(
            name="mails",
            title=_("Mails to you"),
            columns=_MAIL,
            read=_mails,
            tables=("notifications.OutboxMessage",),
            place=80,
        ),
    )
