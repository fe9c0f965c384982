"""Keeps what is being typed into a request, in the background; a script asks for it."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

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
    """Answer with the draft's revision; 409 when it was written elsewhere, 429 for too often."""
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
