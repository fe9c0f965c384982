"""Questions and answers, the directory of applications, and the way in from QualityNet.

The lists of applications are long, the same for everybody and open to everybody, so the templates
keep them for a minute. The catalog is asked only when one is rendered anew.
"""

from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import login_not_required
from accounts.context import session_limits
from support import destinations, directory


@login_not_required
@require_safe
def help_center(request: HttpRequest) -> HttpResponse:
    """Show the questions by subject, and every application with its help desks."""
    context = {"limits": _limits(), "letters": directory.by_letter}
    return render(request, "support/help_center.html", context)


@login_not_required
@require_safe
def quality_improvement(request: HttpRequest) -> HttpResponse:
    """Show the way in to QualityNet, and the applications for the quality of care."""
    context = {
        "heading": _("Health Care Quality Improvement System"),
        "lead": _(
            "Applications for reporting quality measures and for testing new ways to pay for care."
        ),
        "groups": partial(directory.by_category, directory.QUALITY_IMPROVEMENT),
    }
    return render(request, "support/quality_improvement.html", context)


@login_not_required
@require_safe
def choose_destination(request: HttpRequest) -> HttpResponse:
    """Let somebody say which quality program the sign-in is for."""
    return render(request, "support/destinations.html", {"choice": destinations.choice})


@login_not_required
@require_safe
def go_to_destination(request: HttpRequest, destination: str) -> HttpResponse:
    """Lead to the sign-in, or to the system chosen for whoever has signed in before.

    The sign-in ends on the welcome page, as the source document prints it.
    """
    system = destinations.system_of(destination)
    if system is None:
        raise Http404
    if request.user.is_authenticated:
        return redirect(system)
    return redirect("accounts:terms")


@login_not_required
@require_safe
def provider_resources(request: HttpRequest) -> HttpResponse:
    """Show the applications that providers and suppliers use."""
    context = {
        "heading": _("Provider Resources"),
        "lead": _(
            "Applications for providers, suppliers and the people who work for them: claims, "
            "enrollment, bidding and payments."
        ),
        "groups": partial(directory.by_category, directory.PROVIDER_RESOURCES),
    }
    return render(request, "support/help_center_group.html", context)


def _limits() -> dict[str, int]:
    """Return the numbers that the answers quote, as they are in force."""
    return {
        "minimum_age": settings.MINIMUM_AGE_YEARS,
        "tries": settings.SIGN_IN_FAILURE_LIMIT,
        "lock_minutes": int(settings.SIGN_IN_LOCK.total_seconds() // 60),
        **session_limits(),
    }
