"""People in the administration pages: read them, and act on accounts through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import policies
from accounts.audit_tags import Tag
from accounts.models import RulesDocument, User
from accounts.services import accounts, power_attempts
from accounts.verdicts import Refusal
from audit.recording import RecordedAdmin

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[User]
else:
    _ModelAdmin = admin.ModelAdmin

_SHOWN = (
    "user_id",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "email",
    "phone",
    "ial",
    "proofed_at",
    "is_active",
    "created_at",
    "last_sign_in_at",
    "deactivated_at",
    "deactivation_reason",
    "frozen_at",
    "expired_at",
)


def _rights_in(request: HttpRequest) -> set[str]:
    return set(accounts.RIGHTS).intersection(request.POST)


class ReasonActionForm(ActionForm):
    """The list's actions ask why, because the log has to tell."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)


@admin.register(User)
class UserAdmin(_ModelAdmin):
    """Personal data read-only, rights for superusers only, nobody on their own account."""

    action_form = ReasonActionForm
    actions = ("deactivate", "reactivate", "record_proofing")
    list_display = ("user_id", "last_name", "first_name", "email", "ial", "is_active", "is_staff")
    list_filter = ("is_active", "ial", "is_staff", "groups")
    search_fields = ("user_id_key", "email_key", "last_name", "first_name")
    search_help_text = gettext_lazy("User ID, e-mail address or name")
    ordering = ("user_id_key",)
    list_per_page = 25
    show_full_result_count = False
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (gettext_lazy("Person"), {"fields": _SHOWN[:7]}),
        (gettext_lazy("Account"), {"fields": _SHOWN[7:]}),
        (gettext_lazy("Rights"), {"fields": accounts.RIGHTS}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People register themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed, never deleted: the record needs them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The form changes rights, so it is for those who may change rights."""
        actor = cast(User, request.user)
        if obj is None:
            return actor.is_active and actor.is_superuser
        return policies.may_change_rights(actor, obj).allowed

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Those who work on accounts, and those who may look at them."""
        return super().has_view_permission(request, obj) or self.has_manage_permission(request)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether the list offers its actions."""
        return policies.may_manage_accounts(request.user).allowed

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Everything that no form here may set."""
        return _SHOWN

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record a try to change rights by somebody who may not, alert, then refuse as usual."""
        object_id = kwargs.get("object_id") or (args[0] if args else None)
        target = self.get_object(request, object_id) if object_id else None
        if request.method == "POST" and not self.has_change_permission(request, target):
            self._refuse(request, target)
        return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Refuse rights that somebody slips into the actions of the list, which have no such field.

        Others than superusers are recorded and give an alert; a superuser has the form for it.
        """
        if _rights_in(request) and not cast(User, request.user).is_superuser:
            self._refuse(request, None)
        return super().changelist_view(request, extra_context)

    def _refuse(self, request: HttpRequest, target: User | None) -> NoReturn:
        power_attempts.refuse(
            tag=Tag.CHANGE_RIGHTS,
            actor=cast(User, request.user),
            target=target,
            tried=gettext_lazy("Changing the rights of an account"),
            reason=", ".join(sorted(_rights_in(request))),
        )
        raise PermissionDenied

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        """Rights are changed by the service, which asks, records and ends sessions."""
        rights = {
            name: form.cleaned_data[name] for name in accounts.RIGHTS if name in form.cleaned_data
        }
        accounts.change_rights(user_id=obj.pk, actor=cast(User, request.user), rights=rights)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left to save."""

    @admin.action(description=gettext_lazy("Close accounts"), permissions=["manage"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Close the chosen accounts."""
        self._each(request, queryset, accounts.deactivate)

    @admin.action(description=gettext_lazy("Open accounts again"), permissions=["manage"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Open the chosen accounts again."""
        self._each(request, queryset, accounts.reactivate)

    @admin.action(description=gettext_lazy("Record identity proofing"), permissions=["manage"])
    def record_proofing(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Record that the identity of the chosen people was proven."""
        self._each(request, queryset, accounts.record_proofing)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[User], service: Callable[..., User]
    ) -> None:
        reason, done = request.POST.get("reason", ""), 0
        for user in queryset:
            try:
                service(user_id=user.pk, actor=request.user, reason=reason)
            except Refusal as refusal:
                text = _("%(user_id)s: %(reason)s") % {
                    "user_id": user.user_id,
                    "reason": refusal.label,
                }
                self.message_user(request, text, messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext("%(count)d account changed.", "%(count)d accounts changed.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)


@admin.register(RulesDocument)
class RulesDocumentAdmin(RecordedAdmin):
    """Rules that a system adds; a document people accepted is put out of force, not deleted."""

    list_display = ("title", "code", "version", "is_in_force")
    search_fields = ("title", "code")
    fields = ("code", "title", "version", "body", "is_in_force")

    def has_delete_permission(self, request: HttpRequest, obj: RulesDocument | None = None) -> bool:
        """Acceptances name the document."""
        return False
