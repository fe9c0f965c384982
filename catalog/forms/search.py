"""The search of the catalog: words, category, page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Category
from catalog.services.listing import LAST_PAGE
from catalog.services.search import LONGEST_QUERY


class _Words(forms.CharField):
    """Text cut to what a search uses, in the search as in the box it is shown in again."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(self.bound_data(value, None)))

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data[:LONGEST_QUERY] if isinstance(data, str) else data


class SearchForm(forms.Form):
    """Words longer than a search can use are cut; an impossible page or category is an error."""

    q = _Words(
        label=_("Search the catalog"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "maxlength": LONGEST_QUERY, "autocomplete": "off"}
        ),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    page = forms.IntegerField(
        required=False, min_value=1, max_value=LAST_PAGE, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("All categories"))]
        choices += [(category.slug, category.name) for category in categories]
        self.fields["category"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
