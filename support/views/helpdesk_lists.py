"""What waits for agents: proposals that need a second one, and reports "this was not me".

The lists ask for no reason and therefore name nobody: a row is told by its number and its time.
"""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import allowed_by, recent_sign_in
from accounts.models import SecurityCase, User
from accounts.verdicts import Refusal
from support import console, desks, masking, policies
from support.console import strong_sign_in
from support.forms.helpdesk import DecisionForm
from support.models import Proposal
from support.policies import serves_people
from support.services import helpdesk_resets as resets

MOST = 100


@allowed_by(serves_people)
@require_safe
@strong_sign_in
def proposals(request: HttpRequest) -> HttpResponse:
    """List the proposals about the agent's people that wait for a second agent."""
    agent, now = cast(User, request.user), clock.now()
    rows = (
        Proposal.objects.open(now)
        .filter(person__in=desks.people_of(desks.desk_of(agent)))
        .exclude(person=agent)
        .select_related("person", "proposed_by")
        .order_by("not_before", "pk")[:MOST]
    )
    listed = [(row, masking.user_id(row.person.user_id)) for row in rows]
    return console.page(request, "support/helpdesk_proposals.html", {"rows": listed, "now": now})


@allowed_by(serves_people)
@require_http_methods(["GET", "HEAD", "POST"])
@strong_sign_in
@recent_sign_in()
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposal, and confirm or drop it."""
    agent = cast(User, request.user)
    found = (
        Proposal.objects.filter(person__in=desks.people_of(desks.desk_of(agent)))
        .exclude(person=agent)
        .select_related("person", "proposed_by", "contact")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if request.method != "POST":
        resets.look(agent=agent, proposal=found)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            return redirect("support:helpdesk_proposals")
    verdict = policies.may_confirm(agent, found, now=clock.now())
    context = {
        "proposal": found,
        "form": form,
        "refusal": None if verdict else Refusal(verdict.reason or ""),
        "may_drop": policies.may_drop(agent, found).allowed,
    }
    status = 409 if form.non_field_errors() else 200
    return console.page(request, "support/helpdesk_proposal.html", context, status=status)


def _decide(request: HttpRequest, found: Proposal, form: DecisionForm) -> None:
    agent, typed = cast(User, request.user), form.cleaned_data
    if typed["decision"] == DecisionForm.CONFIRM:
        resets.confirm(agent=agent, proposal_id=found.pk, reason=typed["reason"])
        messages.success(request, _("All MFA devices were removed. The person was told."))
    else:
        resets.drop(agent=agent, proposal_id=found.pk, reason=typed["reason"])
        messages.success(request, _("The proposal was dropped. The person was told."))


@allowed_by(serves_people)
@require_safe
@strong_sign_in
def cases(request: HttpRequest) -> HttpResponse:
    """List the open reports about the agent's people, the oldest first."""
    agent = cast(User, request.user)
    rows = (
        SecurityCase.objects.filter(
            closed_at__isnull=True, user__in=desks.people_of(desks.desk_of(agent))
        )
        .exclude(user=agent)
        .select_related("user")
        .order_by("opened_at", "pk")[:MOST]
    )
    listed = [(case, masking.user_id(case.user.user_id)) for case in rows]
    return console.page(request, "support/helpdesk_cases.html", {"rows": listed})
