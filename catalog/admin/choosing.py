"""Fields of the administration: chosen by typing, bearing what no row can be, and named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst

from accounts.text import row_key

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin

    _Base = ModelAdmin[Any]
    _Inline = InlineModelAdmin[Any, Any]
    _FormSet = BaseInlineFormSet[Any, Any, Any]
else:
    _Base, _Inline, _FormSet = object, object, BaseInlineFormSet


class PatientAutocompleteSelect(AutocompleteSelect):
    """Django's own asks the database for whatever was posted, and fails on what is no number."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Show the rows that were chosen; leave out what cannot be the key of one."""
        keys = [key for key in map(str, value) if key == "" or row_key(key) is not None]
        return super().optgroups(name, keys, attr)


class ChoosesByTyping(_Base):
    """Gives the `autocomplete_fields` of an admin or inline that widget."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choose the widget before Django does."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget",
                PatientAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using")),
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FewRows(_Inline):
    """An inline of so many rows at most: Django builds a thousand when a form claims to have them.

    A row may hold a choice of all roles; a page of a thousand such rows took minutes.
    """

    most_rows = 40

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Build and offer no more rows than that."""
        most = {"max_num": self.most_rows, "absolute_max": self.most_rows}
        return super().get_formset(request, obj, **{**most, **kwargs})


class TellsWhoAsks(_Inline):
    """An inline whose formset knows the request, as ``request``."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Tell the rows who is asking."""
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"request": request})


class NamedInTableFormSet(_FormSet):
    """Names each field of its rows: a table shows the label over the column, tied to no field."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give every field what is said of it, with the box that deletes the row."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                # What wraps a widget with links shows the attributes of the widget within.
                widget = getattr(field.widget, "widget", field.widget)
                widget.attrs["aria-label"] = capfirst(str(field.label))
