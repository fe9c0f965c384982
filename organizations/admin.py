"""Organizations in the administration pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _

from audit.recording import RecordedAdmin
from organizations.models import Organization


class FilledOrNone(admin.AllValuesFieldListFilter):
    """Offers every value there is, and says in words when there is none."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Name the choice of what is empty; its link would have no text."""
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("(not given)")}


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    """Names, kinds and places; an organization with history is retired, not deleted."""

    list_display = ["name", "kind", "city", "state", "is_active"]
    list_filter = ["kind", "is_active", ("state", FilledOrNone)]
    search_fields = ["name"]
    fields = ["name", "kind", "city", "state", "is_active"]
    list_per_page = 25
    show_full_result_count = False
