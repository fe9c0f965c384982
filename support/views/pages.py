"""Pages about the portal that are the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import login_not_required
from support import contacts, mail_kinds


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what the portal is, for whom, and what it is not."""
    return render(request, "support/pages_about.html")


@login_not_required
@require_safe
def newsroom(request: HttpRequest) -> HttpResponse:
    """Say what is new in this portal."""
    return render(request, "support/pages_newsroom.html")


@login_not_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Say how the portal came about and what earlier systems were called."""
    return render(request, "support/pages_archive.html")


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Say whom to ask about what."""
    return render(request, "support/pages_contact.html", {"desks": contacts.desks()})


@login_not_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Say which mails the portal sends, and when."""
    context = {"sections": mail_kinds.SECTIONS}
    return render(request, "support/pages_alerts.html", context)


@login_not_required
@require_safe
def printing(request: HttpRequest) -> HttpResponse:
    """Say how to print a page; where scripts run, the link prints instead."""
    return render(request, "support/pages_printing.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about a person, why, and who sees it."""
    return render(request, "support/pages_privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how the portal is made usable for everybody, and what to do when it is not."""
    return render(request, "support/pages_accessibility.html")


@login_not_required
@require_safe
def paperwork(request: HttpRequest) -> HttpResponse:
    """Explain the control number on the terms page."""
    return render(request, "support/pages_paperwork.html")
