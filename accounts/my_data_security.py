"""What the accounts room holds on a person's factors, sessions, proofs and cases."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import user_agents
from accounts.models import User
from accounts.my_data import Section, register, related_section, rows_of

_SESSION: dict[str, Any] = {
    "created_at": _("Logged in"),
    "browser": _("Browser"),
    "last_activity_at": _("Last used"),
    "user_agent": _("What the browser said"),
    "address": _("Network address"),
    "strength": _("Logged in with"),
    "verified_at": _("Password and device last checked"),
    "ended_at": _("Ended"),
    "end_reason": _("How it ended"),
}


def _sessions(user: User) -> Iterable[Mapping[str, Any]]:
    for session in user.portal_sessions.order_by("-created_at", "-pk"):
        (row,) = rows_of([session], [name for name in _SESSION if name != "browser"])
        yield {**row, "browser": user_agents.describe(session.user_agent)}


def register_all() -> None:
    """Register these sections."""
    register(
        related_section(
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
        related_section(
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
        related_section(
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
        related_section(
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
        related_section(
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
            took_proof_back=_("Your proof of identity was taken back"),
            closed_at=_("Closed"),
            closed_by=_("Closed by"),
            resolution=_("Outcome"),
            note=_("Note"),
        ),
        related_section(
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
        related_section(
            34,
            "inactivity_notices",
            _("Notices before your account expired unused"),
            "inactivity_notices",
            "-pk",
            "accounts.InactivityNotice",
            sent_at=_("Sent"),
            expires_on=_("Expiry announced for"),
        ),
    )
