"""Who decides by assignment: object permissions as rows under a system or a role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import power_attempts
from catalog.admin.choosing import ChoosesByTyping, FewRows, NamedInTableFormSet, TellsWhoAsks
from catalog.audit_tags import Tag
from catalog.models import (
    RoleGroupObjectPermission,
    RoleUserObjectPermission,
    SystemGroupObjectPermission,
    SystemUserObjectPermission,
)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
    _ModelChoiceField = forms.ModelChoiceField[Permission]
else:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline
    _ModelChoiceField = forms.ModelChoiceField

DECIDE = ["decide_requests"]
OF_GROUPS = ["decide_requests", "own_system", "support_users"]
# The name of a field that says who gets power, as the inlines below have them.
_ROW = re.compile(r"(\w+objectpermission)_set-\d+-(?:user|group)")
ASSIGNMENTS: dict[type[Model], str] = {
    RoleGroupObjectPermission: "assignment",
    RoleUserObjectPermission: "assignment",
    SystemGroupObjectPermission: "assignment",
    SystemUserObjectPermission: "assignment",
}


class PermissionField(_ModelChoiceField):
    """Offers permissions by what they mean."""

    def label_from_instance(self, obj: Permission) -> str:
        """Return the name alone; room and model are clear here."""
        return obj.name


def refuse(request: HttpRequest, target: Model | None, reason: str) -> None:
    """Record a refused try to give power over requests, and alert those who look into it."""
    power_attempts.refuse(
        tag=Tag.ASSIGNMENT_CREATE,
        actor=cast(User, request.user),
        target=target,
        tried=gettext_lazy("Giving the right to decide about requests, to own or to support"),
        reason=reason,
    )


class AssignmentFormSet(NamedInTableFormSet):
    """Refuses that people give power to themselves, alone or with a group they are in."""

    request: HttpRequest

    def clean(self) -> None:
        """Look at every new or changed row; a refused attempt is recorded."""
        super().clean()
        for form in self.forms:
            if form.has_changed() and not form.cleaned_data.get("DELETE") and self._is_own(form):
                refuse(self.request, self.instance if self.instance.pk else None, "own power")
                raise ValidationError(
                    _("Nobody assigns themselves. Ask another administrator to do it.")
                )

    def _is_own(self, form: Any) -> bool:
        user, group = form.cleaned_data.get("user"), form.cleaned_data.get("group")
        me = self.request.user
        return user == me or (group is not None and me.groups.filter(pk=group.pk).exists())


class AssignmentInline(TellsWhoAsks, FewRows, _TabularInline):
    """Rows of one table of object permissions."""

    most_rows = 200

    formset = AssignmentFormSet
    fk_name = "content_object"
    extra = 0
    codenames: list[str] = DECIDE

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer only the permissions that are given by hand; the others follow from grants."""
        if db_field.name == "permission":
            label = self.parent_model._meta.label_lower  # noqa: SLF001 - public by documentation
            app_label, model = label.split(".")
            kwargs["queryset"] = Permission.objects.filter(
                content_type__app_label=app_label,
                content_type__model=model,
                codename__in=self.codenames,
            )
            kwargs["form_class"] = PermissionField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class WatchedAssignments(_ModelAdmin):
    """Refuses rows of power that somebody posts whose page has no place for them."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Look for such rows before the forms are read, which would ignore them without a word."""
        if request.method == "POST":
            target = self.get_object(request, unquote(object_id)) if object_id else None
            if tables := self._forged(request, target):
                refuse(request, target, ", ".join(tables))
                raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _forged(self, request: HttpRequest, target: Any) -> list[str]:
        tables = {_ROW.sub(r"\1", name) for name in request.POST if _ROW.fullmatch(name)}
        return [
            str(inline.opts.model_name)
            for inline in (one(self.model, self.admin_site) for one in self.inlines)
            if inline.opts.model_name in tables
            and isinstance(inline, AssignmentInline)
            and not inline.has_add_permission(request, target)
            and not inline.has_change_permission(request, target)
        ]


class _PeopleInline(ChoosesByTyping, AssignmentInline):
    verbose_name = gettext_lazy("person who decides")
    verbose_name_plural = gettext_lazy("people who decide by assignment")
    fields = ["user", "permission"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what follows from grants: it is changed by changing the grants."""
        return super().get_queryset(request).filter(permission__codename__in=self.codenames)


class SystemPeopleInline(_PeopleInline):
    """People who decide for every role of a system."""

    model = SystemUserObjectPermission


class RolePeopleInline(_PeopleInline):
    """People who decide for one role."""

    model = RoleUserObjectPermission


class _GroupsInline(AssignmentInline):
    verbose_name = gettext_lazy("group with a right")
    verbose_name_plural = gettext_lazy("groups with a right")
    fields = ["group", "permission"]


class SystemGroupsInline(_GroupsInline):
    """Groups that decide for, own or support a system."""

    model = SystemGroupObjectPermission
    codenames = OF_GROUPS


class RoleGroupsInline(_GroupsInline):
    """Groups that decide for one role."""

    model = RoleGroupObjectPermission
