"""Pending Approvals: the visitor's own queue, one request, and the three answers."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from access_requests import history, presentation, routing, rows, seen, visitors, waiting
from access_requests.forms.decisions import DecisionForm, QueueForm, ReasonedDecisionForm
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.services import decisions
from accounts.access import allowed_by, signed_in
from accounts.assurance import is_strong
from accounts.models import User
from accounts.verdicts import Refusal


@allowed_by(visitors.decides_something)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for the visitor, the oldest first."""
    user = cast(User, request.user)
    powers = visitors.powers_of(user) if routing.can_decide(user) else routing.Powers(user.pk)
    systems, roles = _choices(powers)
    form = QueueForm(request.GET, systems=systems, roles=roles)
    page = waiting.page(powers, _wanted(form), request.GET)
    typed = [request.GET.get(name, "") for name in form.fields]
    context = {
        "form": form,
        "shown_form": (*typed, *systems, *roles),
        "page": page,
        "rows": [rows.waiting(one) for one in page.items],
        "is_filtered": any(map(form.wanted, form.fields)),
        "needs_mfa": not is_strong(user),
    }
    return render(request, "access_requests/approvals_queue.html", context)


def _choices(powers: routing.Powers) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the systems and roles that occur in the queue, by one statement."""
    found = waiting.choices(powers)
    systems = dict.fromkeys((slug, name) for slug, name, _role, _name in found)
    roles = [(str(role), f"{name} ({system})") for _slug, system, role, name in found]
    return list(systems), roles


def _wanted(form: QueueForm) -> waiting.Wanted:
    words = tuple(form.wanted("q").split()[: waiting.MOST_WORDS])
    return waiting.Wanted(form.wanted("system"), form.wanted("role"), words)


@signed_in
@require_safe
def approval(request: HttpRequest, number: str) -> HttpResponse:
    """Show a request to those who can decide it or have dealt with it."""
    user = cast(User, request.user)
    access_request = _for_approver(user, number)
    return _page(request, access_request, _fresh(user, access_request))


def _fresh(user: User, access_request: AccessRequest) -> DecisionForm:
    word = seen.sign(user, str(access_request.tracking_number))
    return DecisionForm.fresh(revision=access_request.revision, seen=word)


def _for_approver(user: User, number: str) -> AccessRequest:
    found = (
        AccessRequest.objects.with_all()
        .exclude(status=Status.DRAFT)
        .filter(tracking_number=number)
        .first()
    )
    if found is None or found.requester_id == user.pk:
        raise Http404
    dealt_with = Q(decision__approver=user) | Q(information_requests__asked_by=user)
    if (
        not routing.approvers_for(found).filter(pk=user.pk).exists()
        and not AccessRequest.objects.filter(dealt_with, pk=found.pk).exists()
    ):
        raise Http404
    return found


def _page(
    request: HttpRequest,
    access_request: AccessRequest,
    form: DecisionForm,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    decision = presentation.decision_of(access_request)
    is_waiting = access_request.status == Status.PENDING
    context: dict[str, Any] = {
        "access_request": access_request,
        "requester": access_request.requester,
        "kind": presentation.status_kind(access_request),
        "rows": presentation.rows_of(access_request, access_request.wanted_role.attributes.all()),
        "others": _other_roles(access_request),
        "history": history.history_of(access_request),
        "age": presentation.waited(access_request.submitted_at),
        "capacity": routing.capacity(access_request),
        "decision": decision,
        "ended": presentation.ended_by(access_request),
        "is_mine": decision is not None and decision.approver_id == request.user.pk,
        "form": form,
        "refusal": refusal,
        # The form keeps it while there is one.
        "typed": "" if is_waiting else form.initial.get("comment", ""),
    }
    status = 409 if refusal else 200
    return render(request, "access_requests/approvals_approval.html", context, status=status)


def _other_roles(access_request: AccessRequest) -> list[Grant]:
    """Return the roles that the requester holds in this system, without what came of this."""
    return list(
        Grant.objects.standing()
        .filter(person=access_request.requester_id, role__system=access_request.system_id)
        .exclude(decision__access_request=access_request)
        .select_related("role", "organization")
        .order_by("started_at")
    )


@signed_in
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Give the role."""
    return _answer(request, number, DecisionForm(request.POST), _approve)


@signed_in
@require_POST
def deny(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse the role; the reason is required."""
    missing = _("Write the reason, so that the requester knows it.")
    return _answer(request, number, ReasonedDecisionForm(request.POST, missing=missing), _deny)


@signed_in
@require_POST
def return_for_information(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the requester a question; the question is required."""
    missing = _("Write your question, so that the requester can answer it.")
    form = ReasonedDecisionForm(request.POST, missing=missing)
    return _answer(request, number, form, _return)


Service = Callable[[str, User, dict[str, Any]], object]


def _approve(number: str, approver: User, form: dict[str, Any]) -> object:
    return decisions.approve(tracking_number=number, approver=approver, **form)


def _deny(number: str, approver: User, form: dict[str, Any]) -> object:
    return decisions.deny(tracking_number=number, approver=approver, **form)


def _return(number: str, approver: User, form: dict[str, Any]) -> object:
    question = form.pop("comment")
    return decisions.return_for_information(
        tracking_number=number, approver=approver, question=question, **form
    )


def _answer(
    request: HttpRequest, number: str, form: DecisionForm, service: Service
) -> HttpResponse:
    """Decide; whoever had the page open and may not look any more is told so."""
    user = cast(User, request.user)
    word = form.data.get("seen", "")
    try:
        return _decided(request, number, form, service)
    except Http404:
        if not seen.is_proven(word, user, number):
            raise
    context = {
        "text": Reason.NOT_YOUR_QUEUE.label,
        "has_queue": bool(visitors.decides_something(user)),
    }
    return render(request, "access_requests/approvals_gone.html", context, status=409)


def _decided(
    request: HttpRequest, number: str, form: DecisionForm, service: Service
) -> HttpResponse:
    """Call the service; on a refusal show the request as it stands now, with the reason."""
    user = cast(User, request.user)
    if not form.is_valid():
        return _page(request, _for_approver(user, number), form)
    try:
        service(number, user, form.decision())
    except AccessRequest.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        if refusal.reason in {Reason.NOT_YOUR_QUEUE, Reason.SELF_DECISION}:
            raise Http404 from refusal
        found = _for_approver(user, number)
        return _page(request, found, _kept(form, user, found), refusal=refusal)
    return redirect("access_requests:approval", number=number)


def _kept(form: DecisionForm, user: User, access_request: AccessRequest) -> DecisionForm:
    """Return a fresh form that keeps what was typed."""
    fresh = _fresh(user, access_request)
    fresh.initial["comment"] = form.cleaned_data.get("comment", "")
    return fresh
