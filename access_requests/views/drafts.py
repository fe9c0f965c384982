"""What is kept before a request is submitted: saved in the background, and discarded."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from access_requests import presentation
from access_requests.forms.requests import DetailsForm
from access_requests.reasons import Reason
from access_requests.services import drafts
from accounts import text
from accounts.access import signed_in
from accounts.models import User
from accounts.verdicts import Refusal
from catalog.models import Role, System

WINDOW_LENGTH = 16


@signed_in
@never_cache
@require_POST
def keep(request: HttpRequest, slug: str) -> JsonResponse:
    """Keep what is being typed; a script asks for it.

    Answers with the draft's revision; 409 when it was written elsewhere, 429 for too often.
    """
    user = cast(User, request.user)
    system = get_object_or_404(System.objects.listed(), slug=slug)
    wanted = Role.objects.requestable().filter(system=system, code=request.POST.get("shown_role"))
    role = get_object_or_404(wanted)
    form = DetailsForm(request.POST, attributes=list(role.attributes.all()))
    try:
        # A page that was opened by somebody else keeps nothing in this person's draft.
        if request.POST.get("writer") != user.user_id:
            raise Refusal(Reason.CHANGED_MEANWHILE)
        draft = drafts.keep_typed(
            requester=user,
            system=system,
            role=role,
            typed=form.typed(),
            revision=text.row_key(request.POST.get("revision", "")),
            window=request.POST.get("window", "")[:WINDOW_LENGTH],
        )
    except Refusal as refusal:
        status = 429 if refusal.reason == Reason.TOO_OFTEN else 409
        return JsonResponse({"reason": refusal.reason}, status=status)
    return JsonResponse({"revision": draft.revision})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more, then delete the visitor's own draft."""
    user = cast(User, request.user)
    system = get_object_or_404(System, slug=slug)
    if request.method == "POST":
        if drafts.discard_draft(requester=user, system=system):
            messages.success(request, _("The draft was discarded."))
        return redirect("access_requests:my_access")
    draft = drafts.draft_of(requester=user, system=system)
    if draft is None:
        return redirect("access_requests:my_access")
    context = {"draft": draft, "sidenav": presentation.sidenav("access")}
    return render(request, "access_requests/drafts_discard.html", context)
