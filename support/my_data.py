"""What help desks and the audit log hold on a person, for that person's own record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.my_data import Section, register, rows_of
from audit.models import AuditEntry
from support.audit_tags import known_tags
from support.models import CallerCode, Contact, Proposal

_ENTRY: dict[str, Any] = {
    "at": _("Time"),
    "event": _("Event"),
    "tag": _("Code of the event"),
    "actor": _("Who did it"),
    "object": _("Object"),
    "outcome": _("Outcome"),
    "reason": _("Reason"),
    "address": _("Network address"),
}


_CONTACT: dict[str, Any] = {
    "opened_at": _("Opened"),
    "agent": _("Who opened your account"),
    "reason": _("Reason"),
    "reference": _("Call or ticket number"),
    "verified_at": _("You were verified"),
    "way": _("How"),
    "note": _("What was checked"),
}
_CODE: dict[str, Any] = {
    "created_at": _("Made"),
    "expires_at": _("Good until"),
    "tries": _("Tries"),
    "ended_at": _("Ended"),
}
_PROPOSAL: dict[str, Any] = {
    "proposed_at": _("Proposed"),
    "proposed_by": _("Proposed by"),
    "reason": _("Reason"),
    "state": _("State"),
    "decided_at": _("Decided"),
    "decided_by": _("Decided by"),
}


def _contacts(user: User) -> Iterable[Mapping[str, Any]]:
    found = Contact.objects.filter(person=user).select_related("agent").order_by("-pk")
    return rows_of(found, _CONTACT)


def _codes(user: User) -> Iterable[Mapping[str, Any]]:
    return rows_of(CallerCode.objects.filter(person=user).order_by("-pk"), _CODE)


def _proposals(user: User) -> Iterable[Mapping[str, Any]]:
    found = Proposal.objects.filter(person=user).select_related("proposed_by", "decided_by")
    return rows_of(found.order_by("-pk"), _PROPOSAL)


def _entries(user: User) -> Iterable[Mapping[str, Any]]:
    """What the person did, and what was done to the account."""
    names = known_tags()
    found = AuditEntry.objects.filter(
        Q(actor=user)
        | Q(on_behalf_of=user)
        | Q(target_type=user._meta.label_lower, target_id=str(user.pk))  # noqa: SLF001 - public API
    )
    for entry in found.order_by("-id"):
        yield {
            "at": entry.at,
            "event": names.get(entry.tag, entry.tag),
            "tag": entry.tag,
            "actor": entry.actor_label,
            "object": entry.target_label,
            "outcome": entry.get_outcome_display(),
            "reason": entry.reason,
            "address": entry.address,
        }


def register_all() -> None:
    """Register the sections of this room."""
    register(
        Section(
            name="help_desk_contacts",
            title=_("When a help desk opened your account"),
            columns=_CONTACT,
            read=_contacts,
            tables=("support.Contact",),
            place=60,
        ),
        Section(
            name="help_desk_codes",
            title=_("Codes for the help desk (nobody can read them)"),
            columns=_CODE,
            read=_codes,
            tables=("support.CallerCode",),
            place=61,
        ),
        Section(
            name="help_desk_proposals",
            title=_("Proposals to remove all your MFA devices"),
            columns=_PROPOSAL,
            read=_proposals,
            tables=("support.Proposal",),
            place=62,
        ),
        Section(
            name="log",
            title=_("What the log says about you"),
            columns=_ENTRY,
            read=_entries,
            tables=("audit.AuditEntry",),
            place=90,
        ),
    )
