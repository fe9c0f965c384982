"""The actions of the help desk: one page each, with what it does, a form, and a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import allowed_by, recent_sign_in
from accounts.models import ProofingCase, SecurityCase, User
from accounts.verdicts import Refusal
from support import console, desks, policies
from support.console import strong_sign_in
from support.forms import helpdesk_actions as forms
from support.forms.helpdesk_actions import ActionForm
from support.policies import serves_people
from support.services import helpdesk_actions as services
from support.services import helpdesk_contacts as contacts
from support.services import helpdesk_resets as resets

Text = str | Promise
# Does it; what it returns is shown once (a code to be read out), if anything.
Perform = Callable[[User, User, Any], object]


@dataclass(frozen=True)
class Action:
    """One thing an agent can do to an account, and when it makes sense."""

    heading: Text
    lead: Text
    done: Text
    perform: Perform
    form: type[ActionForm] = ActionForm
    makes_sense: Callable[[User], bool] = lambda _person: True


def _plain(service: Callable[..., object]) -> Perform:
    """Make the performer of an action that needs nothing but its reason."""

    def perform(agent: User, person: User, form: ActionForm) -> object:
        reason = form.cleaned_data["reason"]
        return service(agent=agent, person_id=person.pk, reason=reason)

    return perform


def _send_reset(agent: User, person: User, form: ActionForm) -> None:
    typed = form.cleaned_data
    services.send_reset(
        agent=agent,
        person_id=person.pk,
        lost_factor=typed["lost_factor"],
        reason=typed["reason"],
    )


def _remove_device(agent: User, person: User, form: ActionForm) -> None:
    typed = form.cleaned_data
    services.remove_device(
        agent=agent, person_id=person.pk, device_id=typed["device"], reason=typed["reason"]
    )


def _change_email(agent: User, person: User, form: ActionForm) -> None:
    typed = form.cleaned_data
    services.change_email(
        agent=agent, person_id=person.pk, email=typed["email"], reason=typed["reason"]
    )


def _correct_name(agent: User, person: User, form: forms.NameForm) -> None:
    services.correct_name(
        agent=agent,
        person_id=person.pk,
        name=form.name,
        documents=form.cleaned_data.get("documents", []),
        reason=form.cleaned_data["reason"],
    )


def _record_phone(agent: User, person: User, form: forms.OutcomeForm) -> None:
    services.record_phone(
        agent=agent,
        person_id=person.pk,
        case_id=_proofing_case(person, ProofingCase.Status.PHONE),
        passed=form.is_proven,
        reason=form.cleaned_data["reason"],
    )


def _record_documents(agent: User, person: User, form: forms.DocumentsForm) -> None:
    services.record_documents(
        agent=agent,
        person_id=person.pk,
        case_id=_proofing_case(person, ProofingCase.Status.MANUAL),
        passed=form.is_proven,
        documents=form.cleaned_data["documents"],
        reason=form.cleaned_data["reason"],
    )


def _close_case(agent: User, person: User, form: ActionForm) -> None:
    case = person.security_cases.filter(closed_at__isnull=True).first()
    if case is None:
        raise Http404
    services.close_case(
        agent=agent,
        person_id=person.pk,
        case_id=case.pk,
        resolution=SecurityCase.Resolution(form.cleaned_data["resolution"]),
        reason=form.cleaned_data["reason"],
    )


def _proofing_case(person: User, status: ProofingCase.Status) -> int:
    case = person.proofing_cases.filter(status=status).first()
    if case is None:
        raise Http404
    return case.pk


def _waits_for(status: ProofingCase.Status) -> Callable[[User], bool]:
    return lambda person: person.proofing_cases.filter(status=status).exists()


ACTIONS = {
    "unlock": Action(
        _("Unlock"),
        _(
            "Forgets wrong passwords and security codes, so that the person can log in at once. "
            "Open sessions end, and links mailed before are dead."
        ),
        _("The account is unlocked."),
        _plain(services.unlock),
        makes_sense=lambda person: person.is_active,
    ),
    "reset-password": Action(
        _("Reset Password by Mail"),
        _(
            "Mails the person a link to a new password. It asks for a registered device or the "
            "challenge answers besides; you see neither link nor password."
        ),
        _("The person was sent a mail."),
        _send_reset,
        forms.ResetForm,
        makes_sense=lambda person: person.may_recover,
    ),
    "one-time-code": Action(
        _("Issue One-Time Security Code"),
        _(
            "Shows you a code once, to read to the caller. It works once, within 24 hours, with "
            "the password and the MFA device type One-Time Security Code."
        ),
        _("The code was issued."),
        _plain(services.issue_code),
        makes_sense=lambda person: person.is_active,
    ),
    "remove-device": Action(
        _("Remove MFA Device"),
        _("Takes one device away, for example a lost phone. Open sessions end."),
        _("The device was removed."),
        _remove_device,
        forms.DeviceForm,
        makes_sense=lambda person: person.has_mfa,
    ),
    "reset-devices": Action(
        _("Propose to Remove All MFA Devices"),
        _(
            "For a caller who has lost every device. Another agent has to confirm it; when the "
            "caller could read no code, not before 24 hours have passed."
        ),
        _("The proposal waits for a second agent, under Proposals."),
        _plain(resets.propose),
        makes_sense=lambda person: person.has_mfa,
    ),
    "change-email": Action(
        _("Change E-mail Address"),
        _(
            "Sends a link to the new address and a notice to the old one. The old address stays "
            "until the link was opened."
        ),
        _("A link is on its way to the new address."),
        _change_email,
        forms.EmailForm,
        makes_sense=lambda person: person.is_active,
    ),
    "correct-name": Action(
        _("Correct the Name"),
        _(
            "Writes the legal name as it has to be, for example when somebody registered with a "
            "nickname or has another name by now. A proven identity needs documents besides."
        ),
        _("The name is corrected."),
        _correct_name,
        forms.NameForm,
        makes_sense=lambda person: person.is_active,
    ),
    "phone-proofing": Action(
        _("Record Phone Proofing"),
        _("Records how the identity check by phone ended."),
        _("The check by phone is recorded."),
        _record_phone,
        forms.OutcomeForm,
        makes_sense=_waits_for(ProofingCase.Status.PHONE),
    ),
    "manual-proofing": Action(
        _("Record Manual Proofing"),
        _("Records which documents you have seen, and whether they prove the identity."),
        _("The check of documents is recorded."),
        _record_documents,
        forms.DocumentsForm,
        makes_sense=_waits_for(ProofingCase.Status.MANUAL),
    ),
    "close-case": Action(
        _("Close Security Case"),
        _(
            "Ends the report that somebody else used the account. Unless the account stays "
            "closed, its owner can then set a new password."
        ),
        _("The case is closed."),
        _close_case,
        forms.CaseForm,
        makes_sense=lambda person: person.security_cases.filter(closed_at__isnull=True).exists(),
    ),
    "suspend": Action(
        _("Suspend"),
        _("Ends all sessions and lets the account rest. Its access is kept and comes back."),
        _("The account is suspended."),
        _plain(services.suspend),
        makes_sense=lambda person: not person.is_suspended,
    ),
    "unsuspend": Action(
        _("Unsuspend"),
        _("Ends the suspension. The person can log in again, with the access they had."),
        _("The suspension has ended."),
        _plain(services.unsuspend),
        makes_sense=lambda person: (
            person.suspended_at is not None and person.deactivated_at is None
        ),
    ),
}


def offered_to(person: User) -> list[dict[str, object]]:
    """Return the links to the actions that make sense for the account as it is."""
    return [
        {
            "label": action.heading,
            "text": action.lead,
            "href": reverse("support:helpdesk_action", args=[person.pk, slug]),
        }
        for slug, action in ACTIONS.items()
        if action.makes_sense(person)
    ]


@allowed_by(serves_people)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
@recent_sign_in()
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one thing to an account, for a verified caller."""
    agent, wanted = cast(User, request.user), ACTIONS.get(action)
    person = desks.people_of(desks.desk_of(agent)).filter(pk=pk).first()
    if wanted is None or person is None or not wanted.makes_sense(person):
        raise Http404
    contact = contacts.current(agent=agent, person=person)
    allowed = policies.may_act(agent, person, contact, now=clock.now())
    if not allowed:
        messages.error(request, Refusal(allowed.reason or "").label)
        return redirect("support:helpdesk_person", pk=pk)
    form = wanted.form(request.POST or None, person=person)
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            result = wanted.perform(agent, person, form)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            if not isinstance(result, str):
                messages.success(request, str(wanted.done))
                return redirect("support:helpdesk_person", pk=pk)
            shown = result
    context = {"person": person, "action": wanted, "form": form, "shown": shown}
    status = 409 if form.non_field_errors() else 200
    return console.page(request, "support/helpdesk_action.html", context, status=status)
