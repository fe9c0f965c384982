"""When and how somebody signed in to one's own account, or tried to."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import networks
from accounts.access import signed_in
from accounts.models import User
from accounts.services import sign_in_history


@signed_in
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show one page of the history, newest first."""
    user = cast(User, request.user)
    page = sign_in_history.page(user=user, cursor=request.GET.get("before", ""))
    older = f"?before={page.older}" if page.older else ""
    newest = request.path if request.GET.get("before") else ""
    context = {
        "lines": page.lines,
        "older_href": older,
        "newest_href": newest,
        "knows_places": networks.knows_places(),
    }
    return render(request, "accounts/history.html", context)
