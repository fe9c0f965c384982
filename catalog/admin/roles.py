"""Roles, their questions and their ladders in the administration pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.text import row_key
from audit.recording import RecordedAdmin
from catalog import holders
from catalog.admin.choosing import ChoosesByTyping, FewRows, NamedInTableFormSet, TellsWhoAsks
from catalog.admin.people import (
    ASSIGNMENTS,
    RoleGroupsInline,
    RolePeopleInline,
    WatchedAssignments,
    refuse,
)
from catalog.admin.systems import WIDGETS, stranded_message, without_links
from catalog.models import ApprovalRule, Role, RoleAttribute
from catalog.services.approvability import has_approvers, stranded_without

if TYPE_CHECKING:
    _RoleForm = forms.ModelForm[Role]
    _RuleForm = forms.ModelForm[ApprovalRule]
    _AttributeForm = forms.ModelForm[RoleAttribute]
    _StackedInline = admin.StackedInline[RoleAttribute, Role]
    _TabularInline = admin.TabularInline[ApprovalRule, Role]
    _ModelChoiceField = forms.ModelChoiceField[Role]
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Role]
else:
    _RoleForm = _RuleForm = _AttributeForm = forms.ModelForm
    _StackedInline, _TabularInline = admin.StackedInline, admin.TabularInline
    _ModelChoiceField = forms.ModelChoiceField
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField


class RoleField(_ModelChoiceField):
    """Offers roles by system and name."""

    def label_from_instance(self, obj: Role) -> str:
        """Return the name of a role together with its system's."""
        return f"{obj.system.title}: {obj.name}"


class RolesField(_ModelMultipleChoiceField):
    """Offers several roles by system and name."""

    def label_from_instance(self, obj: Role) -> str:
        """Return the name of a role together with its system's."""
        return f"{obj.system.title}: {obj.name}"


class RoleForm(_RoleForm):
    """Refuses to retire the only approver of another role."""

    def clean(self) -> dict[str, Any]:
        """Look at the other roles."""
        cleaned = super().clean() or {}
        retires = "is_active" in self.changed_data and not cleaned.get("is_active")
        if self.instance.pk and retires and (left := stranded_without({self.instance.pk})):
            raise ValidationError({"is_active": stranded_message(left)})
        return cleaned


class AttributeForm(_AttributeForm):
    """Says in words what the tables insist on."""

    def clean(self) -> dict[str, Any]:
        """Tell choices and new organizations to their kinds."""
        cleaned = super().clean() or {}
        kind, kinds = cleaned.get("kind"), RoleAttribute.Kind
        if (kind == kinds.CHOICE) != bool(cleaned.get("choices")):
            raise ValidationError(
                {"choices": _("Choices belong to a choice from a list, and only there.")}
            )
        if cleaned.get("may_be_new") and kind != kinds.ORGANIZATION:
            raise ValidationError({"may_be_new": _("Only an organization may be new.")})
        return cleaned


class RuleForm(_RuleForm):
    """Leaves the order of rungs to the ladder, so that two of them can change places."""

    def clean(self) -> dict[str, Any]:
        """Tell a role where one is needed, and only there."""
        cleaned = super().clean() or {}
        by_role = cleaned.get("approver") == ApprovalRule.Approver.ROLE
        if by_role != (cleaned.get("approver_role") is not None):
            raise ValidationError(
                {"approver_role": _("Name a role for holders of a role, and only then.")}
            )
        if not by_role and cleaned.get("scope") != ApprovalRule.Scope.ANY:
            raise ValidationError(
                {"scope": _("People who are assigned decide for any organization.")}
            )
        return cleaned

    def validate_constraints(self) -> None:
        """Leave uniqueness of the order to the formset; the database checks it at the end."""
        try:
            self.instance.validate_constraints(exclude={"order", "role"})
        except ValidationError as error:
            self.add_error(None, error)


class LadderFormSet(NamedInTableFormSet):
    """Refuses a ladder that leads to nobody, and rungs by which people give power to themselves."""

    request: HttpRequest

    def clean(self) -> None:
        """Look at the whole ladder, and at where its roles lead; a reach for power is recorded."""
        super().clean()
        if any(self.errors):
            return
        if any(self._is_own(form) for form in self.forms):
            refuse(self.request, self.instance if self.instance.pk else None, "own role decides")
            raise ValidationError(
                _(
                    "Nobody lets a role decide that they hold themselves. "
                    "Ask another administrator to do it."
                )
            )
        rungs = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        approvers = [getattr(rung["approver_role"], "pk", None) for rung in rungs]
        if not rungs or not has_approvers(role_pk=self.instance.pk, rungs=approvers):
            raise ValidationError(
                _(
                    "Nobody could ever approve this role. Add a rule by which people are assigned, "
                    "or a role in use that others can approve."
                )
            )

    def _is_own(self, form: Any) -> bool:
        """Whether a new or changed rung names a role that the person who asks holds."""
        rung = form.cleaned_data
        role = rung.get("approver_role") if form.has_changed() and not rung.get("DELETE") else None
        return role is not None and holders.holds(cast(User, self.request.user), role)


class AttributeInline(FewRows, _StackedInline):
    """What a request for the role is asked."""

    model = RoleAttribute
    form = AttributeForm
    formfield_overrides = WIDGETS
    extra = 0
    fields = [
        ("label", "code", "order"), ("kind", "required", "may_be_new"), "help_text", "choices",
        ("pattern", "pattern_hint", "max_length"),
    ]  # fmt: skip
    prepopulated_fields = {"code": ["label"]}


class RuleInline(TellsWhoAsks, FewRows, _TabularInline):
    """The ladder of the role."""

    model = ApprovalRule
    form = RuleForm
    formset = LadderFormSet
    fk_name = "role"
    extra = 0
    fields = ["order", "approver", "approver_role", "scope"]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Name each role with its system."""
        if db_field.name == "approver_role":
            kwargs["queryset"] = Role.objects.requestable().select_related("system")
            kwargs["form_class"] = RoleField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave the roles alone from here; they have a page of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            return without_links(field)
        return field


@admin.register(Role)
class RoleAdmin(WatchedAssignments, ChoosesByTyping, RecordedAdmin):
    """What can be asked for in a system; a role with history is retired, not deleted."""

    audit_subjects = ASSIGNMENTS
    formfield_overrides = WIDGETS
    form = RoleForm
    inlines = [RuleInline, AttributeInline, RolePeopleInline, RoleGroupsInline]
    list_display = ["name", "system", "kind", "required_ial", "required_aal", "is_active"]
    list_filter = ["kind", "is_active", "is_default", "required_ial", "required_aal"]
    list_select_related = ["system"]
    list_per_page = 25
    show_full_result_count = False
    search_fields = ["name", "system__acronym", "system__name"]
    autocomplete_fields = ["system"]
    prepopulated_fields = {"code": ["name"]}
    fieldsets = [
        (None, {"fields": ["system", "name", "code", "kind", "description", "order"]}),
        (gettext_lazy("What it takes"), {"fields": ["required_ial", "required_aal", "excludes"]}),
        (gettext_lazy("State"), {"fields": ["is_active", "is_default"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Role | None = None) -> Any:
        """Ask for exclusions only once the role has a system whose roles can be offered."""
        if obj is not None:
            return self.fieldsets
        return [
            (title, {"fields": [name for name in options["fields"] if name != "excludes"]})
            for title, options in self.fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        """Keep system and code of a role that exists: requests and data files refer to them."""
        return [] if obj is None else ["system", "code", "is_default"]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Role | None = None
    ) -> dict[str, Any]:
        """Suggest a code for a new role only."""
        return {} if obj is not None else dict(self.prepopulated_fields)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer the roles of the same system to be excluded."""
        if db_field.name == "excludes":
            kwargs["queryset"] = self._of_the_same_system(request)
            kwargs["form_class"] = RolesField
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer no new role beside the boxes; it would not be saved with what it takes."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name == "excludes" else field

    def _of_the_same_system(self, request: HttpRequest) -> QuerySet[Role]:
        roles = Role.objects.filter(is_active=True).select_related("system")
        match = request.resolver_match
        pk = row_key(str(match.kwargs.get("object_id", ""))) if match else None
        if pk is None:
            return roles.none()
        return roles.filter(system__roles=pk).exclude(pk=pk)

    def get_view_on_site_url(self, obj: Role | None = None) -> str | None:
        """Lead to the page of the system, where the role stands."""
        return obj.system.get_absolute_url() if obj is not None else None
