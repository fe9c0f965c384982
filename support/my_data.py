"""What the audit log holds on a person, for that person's own record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.my_data import Section, register
from audit.models import AuditEntry
from support.audit_tags import known_tags

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
    """Register the section of the log."""
    register(
        Section(
            name="log",
            title=_("What the log says about you"),
            columns=_ENTRY,
            read=_entries,
            tables=("audit.AuditEntry",),
            place=90,
        )
    )
