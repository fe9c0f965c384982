"""Who decides by assignment: object permissions as rows under a system or a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import record
from audit.models import Outcome
from catalog.admin.choosing import ChoosesByTyping, FewRows, NamedInTableFormSet
from catalog.audit_tags import Tag
from catalog.models import (
    RoleGroupObjectPermission,
    RoleUserObjectPermission,
    SystemGroupObjectPermission,
    SystemUserObjectPermission,
)

if TYPE_CHECKING:
    _TabularInline = admin.TabularInline[Any, Any]
    _ModelChoiceField = forms.ModelChoiceField[Permission]
else:
    _TabularInline = admin.TabularInline
    _ModelChoiceField = forms.ModelChoiceField

DECIDE = ["decide_requests"]
OF_GROUPS = ["decide_requests", "own_system", "support_users"]
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


class AssignmentFormSet(NamedInTableFormSet):
    """Refuses that people give power to themselves, alone or with a group they are in."""

    request: HttpRequest

    def clean(self) -> None:
        """Look at every new or changed row; a refused attempt is recorded."""
        super().clean()
        for form in self.forms:
            if form.has_changed() and not form.cleaned_data.get("DELETE") and self._is_own(form):
                record(
                    Tag.ASSIGNMENT_CREATE,
                    actor=self.request.user,
                    target=self.instance if self.instance.pk else None,
                    outcome=Outcome.REFUSED,
                    reason="own power",
                )
                raise ValidationError(
                    _("Nobody assigns themselves. Ask another administrator to do it.")
                )

    def _is_own(self, form: Any) -> bool:
        user, group = form.cleaned_data.get("user"), form.cleaned_data.get("group")
        me = self.request.user
        return user == me or (group is not None and me.groups.filter(pk=group.pk).exists())


class AssignmentInline(FewRows, _TabularInline):
    """Rows of one table of object permissions."""

    most_rows = 200

    formset = AssignmentFormSet
    fk_name = "content_object"
    extra = 0
    codenames: list[str] = DECIDE

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Tell the rows who is asking."""
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"request": request})

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
