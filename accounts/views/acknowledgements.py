"""The page in front of everything else while rules have not been accepted."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import visit
from accounts.access import signed_in
from accounts.acknowledging import before_rules
from accounts.forms import posted
from accounts.forms.acknowledgements import AcknowledgementForm
from accounts.models import User
from accounts.redirects import safe_next
from accounts.services import acknowledgements as service
from audit.context import client_address


@before_rules
@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Show what has to be accepted and go on to the page somebody wanted."""
    target = safe_next(request, settings.LOGIN_REDIRECT_URL)
    session = visit.of(request)
    if service.is_settled(session):
        return redirect(target)
    owed = service.owed_by(cast(User, request.user))
    form = AcknowledgementForm(posted(request), owed=owed)
    if form.is_bound and not form.is_of_now():
        form = AcknowledgementForm(owed=owed)
    if form.is_valid():
        service.accept(session=session, keys=form.keys(), address=client_address(request))
        return redirect(target)
    context = {"form": form, "owed": owed, "next": target}
    return render(request, "accounts/acknowledge.html", context)
