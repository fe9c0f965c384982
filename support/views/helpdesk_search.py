"""Application Search and Enterprise Search: finds people, with a reason that is recorded.

Searches are posted, so that no name, address or number stands in an address or in access logs.
"""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed_by
from accounts.models import User
from accounts.verdicts import Refusal
from catalog.models import System
from support import console, desks
from support.console import strong_sign_in
from support.forms.helpdesk import ApplicationSearchForm, SearchForm
from support.policies import serves_everybody, serves_people
from support.presentation import hit
from support.services import helpdesk_search as service

# What the agent typed last, so that one call needs it only once.
WHY = "help_desk_why"
# Whom the last search found, by key: only these are named before their account is opened.
FOUND = "help_desk_found"


@allowed_by(serves_people)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
def applications(request: HttpRequest) -> HttpResponse:
    """Search among the people who have to do with the agent's applications."""
    desk = desks.desk_of(cast(User, request.user))
    systems = [(str(system.pk), _label(system)) for system in desk.own_systems()]
    form = ApplicationSearchForm(request.POST or None, systems=systems, initial=_why(request))
    return _answer(request, form, heading=_("Application Search"), everybody=False)


def _label(system: System) -> str:
    """Short and whole name: some short ones stand for two systems."""
    return system.name if system.title == system.name else f"{system.title} ({system.name})"


@allowed_by(serves_everybody)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
def enterprise(request: HttpRequest) -> HttpResponse:
    """Search among everybody."""
    form = SearchForm(request.POST or None, initial=_why(request))
    return _answer(request, form, heading=_("Enterprise Search"), everybody=True)


def _answer(
    request: HttpRequest, form: SearchForm, *, heading: str, everybody: bool
) -> HttpResponse:
    agent, found = cast(User, request.user), None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        system = typed.get("system") or None
        try:
            found = service.search(
                agent=agent,
                wanted=typed["q"],
                everybody=everybody,
                system=int(system) if system else None,
                reason=typed["reason"],
                reference=typed["reference"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            remember_why(request, typed["reason"], typed["reference"])
            request.session[FOUND] = [person.pk for person in found.people]
    context = {
        "form": form,
        "heading": heading,
        "everybody": everybody,
        "found": found,
        "rows": [hit(person, agent) for person in found.people] if found else [],
    }
    return console.page(request, "support/helpdesk_search.html", context)


def remember_why(request: HttpRequest, reason: str, reference: str) -> None:
    """Keep reason and number for the next page of the same call."""
    request.session[WHY] = {"reason": reason, "reference": reference}


def _why(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(WHY, {}))
