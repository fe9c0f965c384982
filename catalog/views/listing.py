"""The Access Catalog: cards with a search."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from catalog.forms.search import SearchForm
from catalog.services import listing


@require_safe
@signed_in
def catalog(request: HttpRequest) -> HttpResponse:
    """Show the systems that fit the search, a page at a time."""
    categories = listing.categories()
    form = SearchForm(request.GET, categories=categories)
    if not form.is_valid():
        raise BadRequest("no such page or category")
    text, category = form.cleaned_data["q"], form.cleaned_data["category"]
    cards = listing.cards(text=text, category=category, number=form.cleaned_data["page"] or 1)
    chosen = next((one for one in categories if one.slug == category), None)
    asked = {name: value for name, value in (("q", text), ("category", category)) if value}
    return render(
        request,
        "catalog/listing.html",
        {
            "form": form,
            "shown_form": (text, category, *((one.slug, one.name) for one in categories)),
            "cards": cards,
            "text": text,
            "category": chosen,
            "query": urlencode(asked),
        },
    )
