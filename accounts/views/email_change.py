"""The pages behind the link to a new e-mail address: looking changes nothing, the button acts."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.emails_profile import EMAIL_CHANGE
from accounts.models import EmailChange
from accounts.reasons import Reason
from accounts.services import email_change
from accounts.verdicts import Refusal
from notifications import links

_LINK = "email_change"


@login_not_required
@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown."""
    try:
        request.session[_LINK] = int(
            links.read(EMAIL_CHANGE, token, settings.EMAIL_CHANGE_LINK_LIFETIME)
        )
    except (links.BadLink, TypeError, ValueError):
        return _over(request)
    return redirect("accounts:confirm_email")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest) -> HttpResponse:
    """Show which address becomes the account's; the button makes it so."""
    change = email_change.find(change_id=request.session.get(_LINK, 0))
    if change is None:
        return _over(request)
    if request.method != "POST":
        return render(request, "accounts/profile_confirm_email.html", {"change": change})
    try:
        email_change.confirm(change_id=change.pk)
    except Refusal as refusal:
        return _over(request, refusal.label)
    request.session.pop(_LINK, None)
    return _done(request, change)


def _done(request: HttpRequest, change: EmailChange) -> HttpResponse:
    if request.user.is_authenticated and request.user.pk == change.user_id:
        text = _("%(email)s is your e-mail address now.") % {"email": change.new_email}
        messages.success(request, text)
        return redirect("accounts:profile")
    return redirect("accounts:email_confirmed")


@login_not_required
@never_cache
@require_safe
def email_confirmed(request: HttpRequest) -> HttpResponse:
    """Say that the address is changed and lead to the sign-in."""
    return render(request, "accounts/profile_email_confirmed.html")


def _over(request: HttpRequest, text: str = "") -> HttpResponse:
    text = text or cast(str, Reason.EMAIL_LINK_OVER.label)
    return render(request, "accounts/profile_email_over.html", {"text": text}, status=410)
