"""Refuses to save a form of the administration over what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import GeneratedField, Model, Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.models import AuditEntry, Outcome

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

REVISION = "revision"
_LONGEST_VALUE = 200


class RefusesStale(_ModelAdmin):
    """An admin whose form carries what the row and its inlines said when it was opened.

    A form without it is no page's, and is taken as it comes.
    """

    change_form_template = "admin/recorded_change_form.html"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that compares before it is saved."""
        form = super().get_form(request, obj, change=change, **kwargs)
        posted = request.POST.get(REVISION) if request.method == "POST" else None
        if obj is None or not change or not posted:
            return form
        refuse_stale = self._refuse_stale

        def clean(bound: Any) -> Any:
            cleaned = form.clean(bound)
            refuse_stale(request, bound.instance, posted)
            return cleaned

        compared: Any = type(form.__name__, (form,), {"clean": clean})
        return compared

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the revision into the page: the one posted, until somebody was told of a newer."""
        obj = context.get("original")
        if obj is not None:
            told = getattr(request, "stale_told", None)
            context[REVISION] = told or request.POST.get(REVISION) or self._revision(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _refuse_stale(self, request: HttpRequest, obj: Model, posted: str) -> None:
        """Raise ``ValidationError`` unless the row still says what the page said; locks it."""
        rows = type(obj)._base_manager  # noqa: SLF001 - public by documentation
        if rows.select_for_update().filter(pk=obj.pk).first() is None:
            return
        present = self._revision(request, obj)
        if constant_time_compare(posted.partition(".")[2], present.partition(".")[2]):
            return
        request.stale_told = present  # type: ignore[attr-defined] # for render_change_form
        last_seen = posted.partition(".")[0]
        since = int(last_seen) if last_seen.isascii() and last_seen.isdigit() else 0
        raise ValidationError(self._told(request, obj, min(since, 2**62)))

    def _told(self, request: HttpRequest, obj: Model, since: int) -> list[str]:
        """Who changed it when, and what it says now."""
        about = Q()
        for row in self._rows(request, obj):
            about |= Q(target_type=row._meta.label_lower, target_id=str(row.pk))  # noqa: SLF001 - as above
        entries = list(
            AuditEntry.objects.filter(about, id__gt=since, outcome=Outcome.SUCCESS).order_by("id")
        )
        first = _("Somebody changed this after you opened the page. Nothing was saved.")
        if entries:
            first = _(
                "%(who)s changed this on %(when)s, after you opened the page. Nothing was saved."
            ) % {
                "who": entries[-1].actor_label,
                "when": date_format(localtime(entries[-1].at), "DATETIME_FORMAT"),
            }
        now = {
            (entry.target_label, label): value
            for entry in entries
            for label, value in _after(entry)
        }
        values = [
            _("%(object)s, %(field)s is now: %(value)s")
            % {"object": name, "field": label, "value": value}
            for (name, label), value in now.items()
        ]
        last = _(
            "What you typed stands below. Save it again to put it in the place of that, or open "
            "the page anew."
        )
        return [first, *values, last]

    def _revision(self, request: HttpRequest, obj: Model) -> str:
        """The newest entry of the log and a digest of what a form of the row can change."""
        newest = AuditEntry.objects.values_list("id", flat=True).order_by("-id").first() or 0
        stored = type(obj)._base_manager.get(pk=obj.pk)  # noqa: SLF001 - public by documentation
        said = repr([_values(row) for row in self._rows(request, stored)])
        return f"{newest}.{salted_hmac('audit.stale', said, algorithm='sha256').hexdigest()}"

    def _rows(self, request: HttpRequest, obj: Any) -> Iterator[Model]:
        """The row itself and those of its inlines."""
        yield obj
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            key: Any = formset
            yield from inline.get_queryset(request).filter(**{key.fk.name: obj}).order_by("pk")


def _values(row: Model) -> list[Any]:
    """What people can edit of a row, as it is stored."""
    options = row._meta  # noqa: SLF001 - public by documentation
    links = [
        sorted(getattr(row, link.name).values_list("pk", flat=True))
        for link in options.many_to_many
    ]
    stored = [
        getattr(row, field.attname)
        for field in options.concrete_fields
        if field.primary_key or (field.editable and not isinstance(field, GeneratedField))
    ]
    return [options.label_lower, stored, links]


def _after(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """The fields an entry says were changed, by their names on the pages."""
    model = apps.get_model(entry.target_type)
    for name, value in (entry.after or {}).items():
        try:
            label = capfirst(getattr(model._meta.get_field(name), "verbose_name", name))  # noqa: SLF001 - as above
        except FieldDoesNotExist:
            label = name
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield str(label), Truncator(shown).chars(_LONGEST_VALUE)
