"""Mails that could not be delivered: the help desk of the portal sees them and has them retried."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import allowed_by
from accounts.models import User
from notifications.services import requeueing
from support import console, presentation
from support.console import strong_sign_in
from support.forms.helpdesk import RetryForm
from support.policies import may_retry_mail


@allowed_by(may_retry_mail)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
def failed_mail(request: HttpRequest) -> HttpResponse:
    """List failed mails, the newest first, and put the chosen ones back into the queue."""
    rows = presentation.failed_mails()
    data = request.POST if request.method == "POST" else None
    form = RetryForm(data, mails=[(row["pk"], row["subject"]) for row in rows])
    if request.method == "POST" and form.is_valid():
        actor = cast(User, request.user)
        count = requeueing.requeue(message_ids=form.cleaned_data["mails"], actor=actor)
        text = ngettext(
            "%(count)s mail will be tried again.", "%(count)s mails will be tried again.", count
        )
        messages.success(request, text % {"count": count})
        return redirect("support:helpdesk_mail")
    return console.page(request, "support/helpdesk_mail.html", {"rows": rows, "form": form})
