"""The filter of the auditor's log."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import key
from audit.models import Outcome
from support.audit_tags import known_tags
from support.services.audit_log import Filter

# Dates far out overflow when turned into moments, and no log reaches that far.
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC).date(), datetime(2200, 1, 1, tzinfo=UTC).date()


class AuditLogFilterForm(forms.Form):
    """Reads the filter from the address; an empty field filters nothing."""

    field_order = ("event", "actor", "target", "outcome", "date_from", "date_to", "text")

    actor = forms.CharField(label=_("Actor (User ID)"), required=False, max_length=100)
    target = forms.CharField(label=_("Object (name or number)"), required=False, max_length=200)
    date_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    date_to = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Any outcome")), *Outcome.choices]
    )
    text = forms.CharField(label=_("Words in names and reasons"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = sorted(known_tags().items(), key=lambda item: item[1])
        self.fields["event"] = forms.ChoiceField(
            label=_("Event"), required=False, choices=[("", _("Any event")), *tags]
        )
        self.order_fields(self.field_order)

    def clean_actor(self) -> str:
        """Bring the User ID into the form in which it is compared."""
        return key(self.cleaned_data["actor"])

    def clean(self) -> dict[str, Any]:
        """Refuse dates that no log can hold, and a span that runs backwards."""
        cleaned = super().clean() or {}
        for name in ("date_from", "date_to"):
            value = cleaned.get(name)
            if value and not EARLIEST <= value <= LATEST:
                self.add_error(name, _("Enter a date between 1990 and 2200."))
        start, end = cleaned.get("date_from"), cleaned.get("date_to")
        if start and end and start > end and not self.errors:
            self.add_error("date_to", _("The end lies before the beginning."))
        return cleaned

    def as_filter(self) -> Filter:
        """Return what was asked for; whole days are meant in the portal's time zone."""
        data = self.cleaned_data
        zone = timezone.get_default_timezone()
        start, end = data["date_from"], data["date_to"]
        return Filter(
            tag=data["event"],
            actor_key=data["actor"],
            target=data["target"].strip(),
            since=datetime.combine(start, time.min, zone) if start else None,
            before=datetime.combine(end + timedelta(days=1), time.min, zone) if end else None,
            outcome=data["outcome"],
            text=data["text"].strip(),
        )
