"""The pages behind "this was not me" in a mail: looking changes nothing, the button acts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.reasons import Reason
from accounts.services import disavowal as service
from accounts.verdicts import Refusal
from audit.context import client_address
from notifications import links

_LINK = "disavowal"
_CASE = "disavowal_case"


@login_not_required
@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown."""
    try:
        request.session[_LINK] = int(
            links.read(service.PURPOSE, token, settings.DISAVOWAL_LIFETIME)
        )
    except (links.BadLink, TypeError, ValueError):
        return _over(request)
    return redirect("accounts:disavow")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def disavow(request: HttpRequest) -> HttpResponse:
    """Show what was done to the account; the button stops it."""
    found = service.find(disavowal_id=request.session.get(_LINK, 0))
    if found is None:
        return _over(request)
    if request.method != "POST":
        return render(request, "accounts/disavow.html", {"disavowal": found})
    try:
        case = service.disown(disavowal_id=found.pk, address=client_address(request))
    except Refusal:
        return _over(request)
    # Whoever is signed in here is so no longer; only the reference is carried on.
    request.session.flush()
    request.session[_CASE] = case.reference
    return redirect("accounts:disavowed")


@login_not_required
@never_cache
@require_safe
def disavowed(request: HttpRequest) -> HttpResponse:
    """What was done and what happens next."""
    reference = request.session.get(_CASE)
    if reference is None:
        return redirect("portal:home")
    return render(request, "accounts/disavow_done.html", {"reference": reference})


def _over(request: HttpRequest) -> HttpResponse:
    text = str(Reason.DISAVOWAL_OVER.label)
    return render(request, "accounts/disavow_over.html", {"text": text}, status=410)
