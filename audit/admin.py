"""The log in the Django admin: to be looked at, by whoever may, and changed by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from audit.models import AuditEntry

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[AuditEntry]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(_ModelAdmin):
    """Read-only for everybody, superusers included."""

    list_display = ("at", "tag", "outcome", "actor_label", "target_label", "address")
    list_filter = ("outcome",)
    search_fields = ("=tag", "=actor_label", "=target_id", "=request_id")
    search_help_text = None
    show_full_result_count = False
    list_per_page = 25
    ordering = ("-id",)
    list_select_related = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
