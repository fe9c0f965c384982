"""A system's own page: its roles, who decides about them, and who helps."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from catalog.services import system_pages


@require_safe
@signed_in
def system(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one system; a retired one is not found."""
    page = system_pages.of(slug)
    if page is None:
        raise Http404
    return render(request, "catalog/system.html", {"page": page, "system": page.system})
