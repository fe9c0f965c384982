"""Systems and their help desks in the administration pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextField, URLField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import RecordedAdmin
from catalog import validators
from catalog.admin.choosing import ChoosesByTyping, FewRows
from catalog.admin.ownership import owns, systems_owned_by
from catalog.admin.people import (
    ASSIGNMENTS,
    SystemGroupsInline,
    SystemPeopleInline,
    WatchedAssignments,
)
from catalog.models import HelpDesk, System
from catalog.services.approvability import stranded_without

if TYPE_CHECKING:
    _StackedInline = admin.StackedInline[HelpDesk, System]
    _ModelForm = forms.ModelForm[System]
    _HelpDeskForm = forms.ModelForm[HelpDesk]
else:
    _StackedInline = admin.StackedInline
    _ModelForm = _HelpDeskForm = forms.ModelForm


WIDGETS: dict[Any, dict[str, Any]] = {
    URLField: {"assume_scheme": "https"},
    TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    ArrayField: {"widget": AdminTextInputWidget(attrs={"class": "vLargeTextField"})},
}


class SystemForm(_ModelForm):
    """Refuses to retire a system whose roles are the only approvers of others."""

    def clean(self) -> dict[str, Any]:
        """Look at what would be left without approvers."""
        cleaned = super().clean() or {}
        if self.instance.pk and "is_active" in self.changed_data and not cleaned["is_active"]:
            roles = self.instance.roles.filter(is_active=True)
            stranded = stranded_without(set(roles.values_list("pk", flat=True)))
            if stranded:
                raise ValidationError({"is_active": stranded_message(stranded)})
        return cleaned


def without_links(field: Any) -> Any:
    """Return a form field without the icons that add, change or delete what it points at."""
    for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        setattr(field.widget, link, False)
    return field


def stranded_message(stranded: list[Any]) -> str:
    """Say which roles would be left without approvers."""
    names = ", ".join(f"{role.system}: {role}" for role in stranded)
    return _("Nobody could approve these roles any more: %(names)s. Change their rules first.") % {
        "names": names
    }


class HelpDeskForm(_HelpDeskForm):
    """Checks each phone itself: what the model says of one in a list loses its words on the way."""

    phones = SimpleArrayField(
        forms.CharField(max_length=60, validators=[validators.phone]),
        label=gettext_lazy("Phones"),
        widget=AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
        required=False,
        help_text=gettext_lazy("Separated by commas."),
    )


class HelpDeskInline(FewRows, _StackedInline):
    """The help desks of a system; its owner may change them."""

    model = HelpDesk
    form = HelpDeskForm
    formfield_overrides = WIDGETS
    extra = 0
    fields = [
        ("name", "order"), "phones", ("tty", "fax"), "emails", "web_address", "hours", "notes",
    ]  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the owner of the system in."""
        return super().has_view_permission(request, obj) or self._owned(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the owner of the system in."""
        return super().has_add_permission(request, obj) or self._owned(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the owner of the system in."""
        return super().has_change_permission(request, obj) or self._owned(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the owner of the system in."""
        return super().has_delete_permission(request, obj) or self._owned(request, obj)

    def _owned(self, request: HttpRequest, obj: Any) -> bool:
        # Django asks without a system when it gathers the rows, which are those of one system.
        return owns(request, obj if isinstance(obj, System) else None)


@admin.register(System)
class SystemAdmin(WatchedAssignments, ChoosesByTyping, RecordedAdmin):
    """Administrators change every system, owners what describes their own; history keeps both."""

    audit_subjects = ASSIGNMENTS
    formfield_overrides = WIDGETS
    form = SystemForm
    inlines = [HelpDeskInline, SystemPeopleInline, SystemGroupsInline]
    list_display = ["__str__", "acronym", "category", "parent", "is_active"]
    list_display_links = ["__str__"]
    list_filter = ["is_active", "category"]
    list_select_related = ["category", "parent"]
    list_per_page = 25
    show_full_result_count = False
    search_fields = ["acronym", "name", "synonyms"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["acronym"]}
    readonly_fields = ["roles_of_it"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "slug", "synonyms", "category", "parent"]}),
        (gettext_lazy("On its page"), {"fields": ["description", "precondition", "web_address"]}),
        (
            gettext_lazy("Rules"),
            {"fields": ["is_active", "reapply_wait_minutes", "roles_of_it"]},
        ),
    ]
    every_field = [
        "name", "acronym", "slug", "synonyms", "category", "parent", "description",
        "precondition", "web_address", "is_active", "reapply_wait_minutes", "roles_of_it",
    ]  # fmt: skip
    # What an owner may change; the rest of the fields they only read.
    owner_fields = {"synonyms", "description", "precondition", "web_address"}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave categories and other systems alone from here; they have pages of their own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name in {"category", "parent"} else field

    def get_queryset(self, request: HttpRequest) -> QuerySet[System]:
        """Return all systems to administrators, to owners their own."""
        systems = super().get_queryset(request).defer("search", "names")
        if super().has_view_permission(request):
            return systems
        return systems.filter(pk__in=systems_owned_by(request.user).values("pk"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the catalog to administrators and to owners."""
        return super().has_module_permission(request) or owns(request, None)

    def has_view_permission(self, request: HttpRequest, obj: System | None = None) -> bool:
        """Let administrators and the owner in."""
        return super().has_view_permission(request, obj) or owns(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: System | None = None) -> bool:
        """Let administrators and the owner in."""
        return super().has_change_permission(request, obj) or owns(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: System | None = None) -> list[str]:
        """Leave an owner only what describes the system; a slug stays once it is given."""
        if obj is None:
            return ["roles_of_it"]
        if super().has_change_permission(request, obj):
            return ["roles_of_it", "slug"]
        return [name for name in self.every_field if name not in self.owner_fields]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: System | None = None
    ) -> dict[str, Any]:
        """Suggest a slug for a new system only."""
        return {} if obj is not None else dict(self.prepopulated_fields)

    @admin.display(description=gettext_lazy("roles"))
    def roles_of_it(self, system: System) -> SafeString | str:
        """Return links to the roles of the system."""
        if not system.pk:
            return _("Save the system first, then give it roles.")
        links = format_html_join(
            "",
            '<li><a href="{}">{}</a>{}</li>',
            (
                (
                    reverse("admin:catalog_role_change", args=[role.pk]),
                    role.name,
                    "" if role.is_active else " " + _("(retired)"),
                )
                for role in system.roles.all()
            ),
        )
        add = reverse("admin:catalog_role_add") + f"?system={system.pk}"
        return format_html('<ul>{}</ul><a href="{}">{}</a>', links, add, _("Add a role"))
