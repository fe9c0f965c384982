"""The pages of the limit application."""

import os
import secrets

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from bench.limit.models import Ask, Letter, Trace

ROWS = int(os.environ.get("LIMIT_ROWS", "50"))


def floor(request: HttpRequest) -> HttpResponse:
    """Answer with nothing but the framework and its middleware."""
    return HttpResponse("ok")


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show a signed-in person a page: session, person, template."""
    return render(request, "limit/page.html")


@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Show the oldest rows that wait for the person: one joined query and a table."""
    asks = (
        Ask._default_manager.filter(approver=request.user.pk, status="pending")
        .select_related("person", "thing")
        .order_by("submitted_at", "id")[:ROWS]
    )
    return render(request, "limit/list.html", {"asks": asks})


@login_required
def ask(request: HttpRequest, tracking: str) -> HttpResponse:
    """Show one row; here so that the list has something to link to."""
    found = get_object_or_404(Ask, tracking=tracking)
    return render(request, "limit/list.html", {"asks": [found]})


@login_required
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Insert a request, its trace and its mail in one transaction, then redirect."""
    now = timezone.now()
    with transaction.atomic():
        made = Ask._default_manager.create(
            tracking=str(secrets.randbelow(9 * 10**8) + 10**9),
            person_id=request.user.pk,
            approver_id=request.user.pk,
            thing_id=int(request.POST["thing"]),
            organization=request.POST.get("organization", ""),
            status="asked",
            submitted_at=now,
        )
        Trace._default_manager.create(
            at=now, tag="ask:submit", actor_id=request.user.pk, target=made.tracking, detail={}
        )
        Letter._default_manager.create(
            to="somebody@mail.example",
            subject=f"Request {made.tracking}",
            body="Your request was received.",
            created_at=now,
        )
    return redirect("ask", made.tracking)
