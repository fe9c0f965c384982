"""What the accounts room and the rooms below it hold on a person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import user_agents
from accounts.models import User
from accounts.my_data import Section, register, rows_of
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
_SESSION: dict[str, Any] = {
    "created_at": _("Logged in"),
    "last_activity_at": _("Last used"),
    "browser": _("Browser"),
    "user_agent": _("What the browser said"),
    "address": _("Network address"),
    "strength": _("Logged in with"),
    "verified_at": _("Password and device last checked"),
    "ended_at": _("Ended"),
    "end_reason": _("How it ended"),
}


def _account(user: User) -> Iterable[Mapping[str, Any]]:
    columns = [name for name in _ACCOUNT if name not in {"groups", "permissions"}]
    for row in rows_of([user], columns):
        groups = user.groups.order_by("name").values_list("name", flat=True)
        permissions = user.user_permissions.order_by("codename").values_list("codename", flat=True)
        yield {**row, "groups": ", ".join(groups), "permissions": ", ".join(permissions)}


def _sessions(user: User) -> Iterable[Mapping[str, Any]]:
    for session in user.portal_sessions.order_by("-created_at", "-pk"):
        (row,) = rows_of([session], [name for name in _SESSION if name != "browser"])
        yield {**row, "browser": user_agents.describe(session.user_agent)}


def _related(name: str, order: str, columns: Mapping[str, Any]) -> Any:
    """Read the rows that point at the person by a related name, newest or first in order."""

    def read(user: User) -> Iterable[Mapping[str, Any]]:
        found: QuerySet[Model] = getattr(user, name).order_by(order)
        fields = {field.name: field for field in found.model._meta.get_fields()}  # noqa: SLF001 - documented API
        joined = [column for column in columns if fields[column].is_relation]
        return rows_of(found.select_related(*joined) if joined else found, columns)

    return read


def _section(
    place: int, name: str, title: Any, related: str, order: str, table: str, /, **columns: Any
) -> Section:
    return Section(
        name=name,
        title=title,
        columns=columns,
        read=_related(related, order, columns),
        tables=(table,),
        place=place,
    )


def _mails(user: User) -> Iterable[Mapping[str, Any]]:
    found = OutboxMessage.objects.filter(recipient=user).order_by("-pk")
    return rows_of(found.only("to", "subject", "created_at", "sent_at", "status"), _MAIL)


_MAIL: dict[str, Any] = {
    "created_at": _("Written"),
    "sent_at": _("Sent"),
    "to": _("To"),
    "subject": _("Subject"),
    "status": _("State"),
}


def _business(user: User) -> Iterable[Mapping[str, Any]]:
    contact = getattr(user, "business_contact", None)
    return rows_of([contact] if contact else [], _BUSINESS)


def register_all() -> None:
    """Register the sections of this room."""
    register(
        Section(
            name="account",
            title=_("Account"),
            columns=_ACCOUNT,
            read=_account,
            tables=("accounts.User",),
            place=10,
            is_single=True,
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
        _section(
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
        _section(
            13,
            "challenge_questions",
            _("Challenge questions (nobody can read the answers)"),
            "challenge_answers",
            "question",
            "accounts.ChallengeAnswer",
            question=_("Question"),
        ),
        _section(
            14,
            "passwords",
            _("Passwords (nobody can read them)"),
            "password_history",
            "-set_at",
            "accounts.PasswordHistory",
            set_at=_("Set"),
        ),
        _section(
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
        _section(
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
        _section(
            20,
            "mfa_devices",
            _("MFA devices"),
            "mfa_devices",
            "-pk",
            "accounts.MFADevice",
            kind=_("Kind"),
            name=_("Name"),
            phone=_("Phone number"),
            extension=_("Extension"),
            is_default=_("Default"),
            created_at=_("Added"),
            confirmed_at=_("Confirmed"),
            last_used_at=_("Last used"),
        ),
        _section(
            21,
            "security_codes",
            _("Security codes (nobody can read them)"),
            "security_codes",
            "-pk",
            "accounts.SecurityCode",
            kind=_("Kind"),
            channel=_("Way"),
            issued_by=_("Issued by"),
            created_at=_("Made"),
            expires_at=_("Good until"),
            used_at=_("Used"),
        ),
        Section(
            name="sessions",
            title=_("Sessions"),
            columns=_SESSION,
            read=_sessions,
            tables=("accounts.PortalSession",),
            place=22,
        ),
        _section(
            30,
            "proofing_attempts",
            _("Tries to prove your identity"),
            "proofing_attempts",
            "-pk",
            "accounts.ProofingAttempt",
            created_at=_("Begun"),
            provider=_("Bureau"),
            status=_("Result"),
            cause=_("Cause"),
            terms_version=_("Terms accepted, version"),
            terms_accepted_at=_("Terms accepted"),
            finished_at=_("Ended"),
        ),
        _section(
            31,
            "proofing_cases",
            _("Cases of identity proofing"),
            "proofing_cases",
            "-pk",
            "accounts.ProofingCase",
            reference=_("Reference"),
            opened_at=_("Opened"),
            status=_("State"),
            cause=_("Cause"),
            phone_at=_("Checked by phone"),
            phone_by=_("By"),
            manual_at=_("Checked with documents"),
            manual_by=_("Checked by"),
            documents=_("Kinds of documents"),
            closed_at=_("Closed"),
        ),
        _section(
            32,
            "security_cases",
            _('Cases of "this was not me"'),
            "security_cases",
            "-pk",
            "accounts.SecurityCase",
            reference=_("Reference"),
            event=_("What you disowned"),
            event_at=_("When it happened"),
            opened_at=_("Opened"),
            address=_("Reported from"),
            closed_at=_("Closed"),
            closed_by=_("Closed by"),
            resolution=_("Outcome"),
            note=_("Note"),
        ),
        _section(
            33,
            "disavowals",
            _('Links "this was not me" you were sent'),
            "disavowals",
            "-pk",
            "accounts.Disavowal",
            event=_("About"),
            email=_("Sent to"),
            created_at=_("Made"),
            used_at=_("Used"),
        ),
        _section(
            34,
            "inactivity_notices",
            _("Notices before your account expired unused"),
            "inactivity_notices",
            "-pk",
            "accounts.InactivityNotice",
            sent_at=_("Sent"),
            expires_on=_("Expiry announced for"),
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
