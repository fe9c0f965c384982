"""One account at the help desk: open it with a reason, verify the caller, see what it is about."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import allowed_by
from accounts.models import User
from accounts.verdicts import Refusal
from support import console, desks, masking, policies, presentation, presentation_access
from support.console import strong_sign_in
from support.forms.helpdesk import CodeForm, OtherwiseForm, SendForm, WhyForm
from support.models import Contact
from support.policies import serves_people
from support.reasons import Reason
from support.services import helpdesk_contacts as contacts
from support.services import helpdesk_sending as sending
from support.views.helpdesk_actions import offered_to
from support.views.helpdesk_search import FOUND, WHY, remember_why


@allowed_by(serves_people)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account under an open contact; without one, ask for the reason first."""
    agent, subject = cast(User, request.user), served(request, pk)
    contact = contacts.current(agent=agent, person=subject)
    verdict = policies.may_look(agent, subject, contact, now=clock.now())
    if verdict and contact is not None and request.method != "POST":
        return _account(request, subject, contact)
    form = WhyForm(request.POST or None, initial=request.session.get(WHY, {}))
    if request.method == "POST" and form.is_valid():
        try:
            contacts.open_contact(agent=agent, person_id=pk, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            remember_why(request, **form.cleaned_data)
            return redirect("support:helpdesk_person", pk=pk)
    is_barred = not verdict and verdict.reason != Reason.NO_CONTACT
    context = {
        "user_id": _heading(request, subject),
        "form": form,
        "refusal": Refusal(verdict.reason or "") if is_barred else None,
        "search_href": console.search_href(agent),
    }
    status = 409 if form.non_field_errors() else 200
    return console.page(request, "support/helpdesk_open.html", context, status=status)


def _heading(request: HttpRequest, subject: User) -> str:
    """Return the User ID, masked unless the agent's last search, which had a reason, found it."""
    was_found = subject.pk in request.session.get(FOUND, [])
    return subject.user_id if was_found else masking.user_id(subject.user_id)


def served(request: HttpRequest, pk: int) -> User:
    """Return the person; somebody the agent does not serve is as absent as nobody."""
    desk = desks.desk_of(cast(User, request.user))
    found = desks.people_of(desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _account(request: HttpRequest, subject: User, contact: Contact) -> HttpResponse:
    desk = desks.desk_of(cast(User, request.user))
    proofing_case = presentation.proofing_case_of(subject)
    cases = presentation.security_cases_of(subject)
    context: dict[str, Any] = {
        "person": subject,
        "contact": contact,
        "verified_until": contacts.lasts_until(contact),
        "is_weak_proof": contact.is_by_code and not policies.is_proven(subject, contact),
        "states": presentation.states_of(subject, presentation.locks_of(subject)),
        "facts": presentation.facts_of(subject),
        "devices": presentation.devices_of(subject),
        "roles": presentation_access.roles_of(subject, desk),
        "requests": presentation_access.requests_of(subject, desk),
        "sign_ins": presentation.sign_ins_of(subject),
        "mails": presentation.failed_mails(subject),
        "proofing_case": proofing_case,
        "cases": cases,
        "proposal": presentation.proposal_of(subject),
        "actions": offered_to(subject),
    }
    return console.page(request, "support/helpdesk_person.html", context)


@allowed_by(serves_people)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify the caller: by a code they read, sent on demand, or in another way."""
    agent, subject = cast(User, request.user), served(request, pk)
    contact = contacts.current(agent=agent, person=subject)
    if contact is None or not policies.may_look(agent, subject, contact, now=clock.now()):
        return redirect("support:helpdesk_person", pk=pk)
    forms = _forms(request, presentation.devices_for_codes(subject))
    step = request.POST.get("step", "")
    if request.method == "POST" and step in forms and forms[step].is_valid():
        try:
            if _take(request, step, pk, forms[step].cleaned_data):
                return redirect("support:helpdesk_person", pk=pk)
        except Refusal as refusal:
            forms[step].add_error(None, refusal.label)
    context = {"person": subject, "contact": contact, "forms": forms}
    return console.page(request, "support/helpdesk_verify.html", context)


def _forms(request: HttpRequest, devices: list[tuple[int, str]]) -> dict[str, Any]:
    step = request.POST.get("step", "")

    def data(name: str) -> Any:
        return request.POST if step == name else None

    return {
        "check": CodeForm(data("check")),
        "send": SendForm(data("send"), devices=devices),
        "otherwise": OtherwiseForm(data("otherwise")),
    }


def _take(request: HttpRequest, step: str, pk: int, typed: dict[str, Any]) -> bool:
    """Do one step of the verification; return whether the caller is verified now."""
    agent = cast(User, request.user)
    if step == "send":
        sending.send_code(agent=agent, person_id=pk, device_id=typed["device"])
        messages.success(request, _("The code is on its way. Let the caller read it to you."))
        return False
    if step == "otherwise":
        way = Contact.Way(typed["way"])
        contacts.verify_otherwise(agent=agent, person_id=pk, way=way, note=typed["note"])
    elif not contacts.verify(agent=agent, person_id=pk, code=typed["code"]):
        raise Refusal(Reason.CODE_WRONG)
    messages.success(request, _("The caller is verified. Actions are open for 15 minutes."))
    return True
