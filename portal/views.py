"""The public front page and the page for a form that came from elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import login_not_required


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the public front page."""
    return render(request, "portal/home.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from another site, and how to go on."""
    return render(request, "403_csrf.html", status=403)
