"""The outbox in the Django admin: what went out, what waits, what failed and can be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.models import OutboxMessage
from notifications.services import requeueing

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[OutboxMessage]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(OutboxMessage)
class OutboxMessageAdmin(_ModelAdmin):
    """Read-only, but for one action. The text of a mail is shown to nobody here."""

    list_display = ("created_at", "name", "to", "status", "attempts", "next_try_at", "last_error")
    list_filter = ("status",)
    search_fields = ("=to", "=message_id")
    fields = (
        "name",
        "recipient",
        "to",
        "subject",
        "status",
        "attempts",
        "created_at",
        "next_try_at",
        "sent_at",
        "last_error",
        "message_id",
    )
    readonly_fields = ("subject",)
    actions = ("try_again",)
    ordering = ("-id",)
    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whether the person may have mails sent again."""
        return request.user.has_perm("notifications.retry_outboxmessage")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Put the failed ones among the chosen mails back into the queue."""
        keys = list(queryset.values_list("pk", flat=True))
        count = requeueing.requeue(message_ids=keys, actor=request.user)  # type: ignore[arg-type] # signed in
        text = ngettext(
            "%(count)s mail will be tried again.", "%(count)s mails will be tried again.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
