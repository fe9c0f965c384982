"""The page on which a signed-in person makes the code that proves to an agent who is calling."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import assurance
from accounts.access import signed_in
from accounts.models import User
from support.services import caller_codes


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def helpdesk_code(request: HttpRequest) -> HttpResponse:
    """Show the present code, or make one."""
    person = cast(User, request.user)
    if request.method == "POST":
        caller_codes.make(person=person)
        return redirect("support:helpdesk_code")
    shown = caller_codes.shown_to(person)
    code, until = shown or ("", None)
    is_weak = assurance.must_be_strong(person) and not assurance.is_strong(person)
    context = {"code": code, "until": until, "is_weak": is_weak}
    return render(request, "support/helpdesk_code.html", context)
