"""Records what people change in the administration pages, with both sides of every change.

Django's own LogEntry says who touched what and not what it said before; and it can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import GeneratedField, Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from audit.events import record
from audit.models import AuditEntry
from audit.stale import RefusesStale

Values = dict[str, Any]
HISTORY_PAGE = 50


def values_of(instance: Model, *, many: bool = False) -> Values:
    """Return what people can edit of a row, readable; with `many` also what it is linked to."""
    values: Values = {}
    options = instance._meta  # noqa: SLF001 - public by documentation
    for field in options.concrete_fields:
        if field.primary_key or not field.editable or isinstance(field, GeneratedField):
            continue
        value = getattr(instance, field.name)
        values[field.name] = str(value) if isinstance(value, Model) else value
    if many:
        for link in options.many_to_many:
            values[link.name] = sorted(str(other) for other in getattr(instance, link.name).all())
    return values


def subject_of(model: type[Model]) -> str:
    """Return what the log calls a model: HelpDesk is help_desk."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower()


class RecordedAdmin(RefusesStale):
    """An admin whose every change leaves an entry in the audit log, in the same transaction.

    ``audit_subjects`` renames models whose name is not what the log should call them.
    """

    audit_subjects: dict[type[Model], str] = {}

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save, remembering what the row said before."""
        before = self._stored(type(obj), [obj.pk]).get(obj.pk) if change else None
        request.recorded_before = (obj, before)  # type: ignore[attr-defined] # for save_related
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what hangs on the row, then record the row, whose links are complete by now."""
        super().save_related(request, form, formsets, change)
        obj, before = request.recorded_before  # type: ignore[attr-defined]
        obj = type(obj).objects.get(pk=obj.pk)
        self._record_change(request, obj, before, values_of(obj, many=True))

    def save_formset(
        self,
        request: HttpRequest,
        form: Any,
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        """Save an inline, recording each of its rows."""
        touched = [one.instance.pk for one in formset.initial_forms if one.has_changed()]
        model: Any = formset.model
        before = self._stored(model, touched)
        super().save_formset(request, form, formset, change)
        for obj in formset.deleted_objects:
            self._record(request, "delete", obj, before.get(obj.pk) or values_of(obj), None)
        saved = [*formset.new_objects, *(obj for obj, _fields in formset.changed_objects)]
        after = self._stored(model, [obj.pk for obj in saved])
        for obj in saved:
            self._record_change(request, obj, before.get(obj.pk), after[obj.pk])

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row, recording what it said."""
        before = values_of(obj, many=True)
        self._record(request, "delete", obj, before, None)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete rows chosen in the list, all or none, recording each."""
        for obj in queryset:
            self._record(request, "delete", obj, values_of(obj, many=True), None)
        super().delete_queryset(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave Django's own log alone; the audit log has it."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave Django's own log alone; the audit log has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Leave Django's own log alone; the audit log has it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the entries of the audit log about this row."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = AuditEntry.objects.filter(
            target_type=self.opts.label_lower, target_id=str(obj.pk)
        )
        page = Paginator(entries, HISTORY_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % obj,
            "subtitle": None,
            "page": page,
            "object": obj,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
        }
        return TemplateResponse(request, "admin/recorded_history.html", context)

    def _stored(self, model: type[Model], keys: Iterable[Any]) -> dict[Any, Values]:
        rows = model._default_manager.filter(pk__in=list(keys))  # noqa: SLF001 - as above
        return {row.pk: values_of(row, many=True) for row in rows}

    def _record_change(
        self, request: HttpRequest, obj: Model, before: Values | None, after: Values
    ) -> None:
        if before is None:
            self._record(request, "create", obj, None, after)
            return
        names = [name for name in after if before[name] != after[name]]
        if names:
            self._record(
                request,
                "change",
                obj,
                {name: before[name] for name in names},
                {name: after[name] for name in names},
            )

    def _record(
        self,
        request: HttpRequest,
        action: str,
        obj: Model,
        before: Values | None,
        after: Values | None,
    ) -> None:
        subject = self.audit_subjects.get(type(obj)) or subject_of(type(obj))
        record(f"{subject}:{action}", actor=request.user, target=obj, before=before, after=after)
