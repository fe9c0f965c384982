"""Organizations in the administration pages."""

from django.contrib import admin

from audit.recording import RecordedAdmin
from organizations.models import Organization


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    """Names, kinds and places; an organization with history is retired, not deleted."""

    list_display = ["name", "kind", "city", "state", "is_active"]
    list_filter = ["kind", "is_active", "state"]
    search_fields = ["name"]
    fields = ["name", "kind", "city", "state", "is_active"]
    list_per_page = 25
    show_full_result_count = False
