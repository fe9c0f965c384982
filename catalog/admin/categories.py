"""Categories in the administration pages."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.recording import RecordedAdmin
from catalog.models import Category


@admin.register(Category)
class CategoryAdmin(RecordedAdmin):
    """The shelves of the catalog and their order."""

    list_display = ["name", "order", "systems_in_it"]
    search_fields = ["name"]
    fields = ["name", "slug", "order"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """Count the systems along."""
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(systems_counted=Count("systems"))

    @admin.display(description=_("systems"), ordering="systems_counted")
    def systems_in_it(self, category: Category) -> int:
        """Return how many systems stand on the shelf."""
        return int(category.systems_counted)  # type: ignore[attr-defined] # annotated
