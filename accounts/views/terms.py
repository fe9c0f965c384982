"""The terms in front of every sign-in, and the Rules of Behavior."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import steps
from accounts.access import login_not_required
from accounts.data import rules_of_behavior as rules


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """Ask for acceptance; declining cancels the sign-in."""
    if request.method != "POST":
        steps.forget_next(request.session)
        steps.keep_next(request)
        return render(request, "accounts/terms.html", {"next": steps.next_of(request.session)})
    if request.POST.get("decision") != "accept":
        steps.forget_sign_in(request.session)
        messages.info(
            request, _("You declined the terms and conditions, so the login was cancelled.")
        )
        return redirect("portal:home")
    steps.keep_next(request)
    steps.accept_terms(request.session)
    return redirect("accounts:login")


@login_not_required
@require_safe
def rules_of_behavior(request: HttpRequest) -> HttpResponse:
    """The rules a person accepts with an account."""
    context = {"groups": rules.GROUPS, "version": rules.VERSION}
    return render(request, "accounts/rules_of_behavior.html", context)
