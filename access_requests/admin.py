"""Requests, decisions and grants in the administration pages: read them; revoke by the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access_requests import policies
from access_requests.audit_tags import Tag
from access_requests.forms.fields import ProseField
from access_requests.models import AccessRequest, Decision, Grant
from access_requests.services import grants
from accounts.models import User
from accounts.services import power_attempts
from accounts.verdicts import Refusal

if TYPE_CHECKING:
    _RequestAdmin = admin.ModelAdmin[AccessRequest]
    _DecisionAdmin = admin.ModelAdmin[Decision]
    _GrantAdmin = admin.ModelAdmin[Grant]
else:
    _RequestAdmin = _DecisionAdmin = _GrantAdmin = admin.ModelAdmin


class ReadOnly:
    """What was asked, decided and given is a record: nobody writes it here."""

    list_per_page = 25
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False


@admin.register(AccessRequest)
class AccessRequestAdmin(ReadOnly, _RequestAdmin):
    """Requests that were submitted."""

    list_display = ("tracking_number", "requester", "role", "system", "status", "submitted_at")
    list_filter = ("status", "court")
    list_select_related = ("requester", "role", "system")
    search_fields = ("=tracking_number", "requester__user_id_key", "system__acronym")
    search_help_text = gettext_lazy("Tracking number, User ID or acronym of the system")
    ordering = ("-submitted_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessRequest]:
        """Leave drafts out: they are nobody's business but the writer's."""
        return super().get_queryset(request).exclude(status="draft")


@admin.register(Decision)
class DecisionAdmin(ReadOnly, _DecisionAdmin):
    """Decisions, for ever."""

    list_display = ("access_request", "outcome", "approver", "requester", "decided_at")
    list_filter = ("outcome",)
    list_select_related = ("access_request", "approver", "requester")
    search_fields = ("=access_request__tracking_number", "approver__user_id_key")
    search_help_text = gettext_lazy("Tracking number, or User ID of the approver")
    ordering = ("-decided_at", "-pk")


class RevokeForm(forms.Form):
    """Why the roles are taken."""

    reason = ProseField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("The holders get a mail with this reason."),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )


@admin.register(Grant)
class GrantAdmin(ReadOnly, _GrantAdmin):
    """Access held, and the way to take it."""

    actions = ("revoke",)
    list_display = ("person", "role", "organization_label", "started_at", "certify_by", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "end_reason")
    list_select_related = ("person", "role__system", "organization")
    search_fields = ("person__user_id_key", "role__system__acronym", "organization__name")
    search_help_text = gettext_lazy("User ID, acronym of the system or organization")
    ordering = ("-started_at", "-pk")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record and tell a try to give a role here, where no form does; then refuse as usual."""
        if request.method == "POST":
            power_attempts.refuse(
                tag=Tag.GRANT_ISSUE,
                actor=cast(User, request.user),
                target=None,
                tried=gettext_lazy("Giving or changing a role without a request"),
                reason="",
            )
            raise PermissionDenied
        return super().changeform_view(request, *args, **kwargs)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Offer the action to people with the right."""
        return request.user.has_perm(policies.REVOKE)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Grant]) -> HttpResponse | None:
        """Ask for the reason on a page of its own, then take the roles one by one."""
        form = RevokeForm(request.POST if "confirm" in request.POST else None)
        if form.is_valid():
            self._revoke(request, queryset, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revoke roles"),
            "opts": self.opts,
            "form": form,
            "grants": queryset.select_related("person", "role__system", "organization"),
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return render(request, "admin/access_requests/grant/revoke.html", context)

    def _revoke(self, request: HttpRequest, queryset: QuerySet[Grant], reason: str) -> None:
        revoked = 0
        for grant in queryset.select_related("person"):
            try:
                grants.revoke(grant_id=grant.pk, actor=cast(User, request.user), reason=reason)
            except Refusal as refusal:
                self.message_user(request, f"{grant.person}: {refusal.label}", messages.ERROR)
            else:
                revoked += 1
        if revoked:
            text = ngettext("%(count)d role revoked.", "%(count)d roles revoked.", revoked)
            self.message_user(request, text % {"count": revoked}, messages.SUCCESS)
