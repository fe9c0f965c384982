"""One request's own pages: acknowledgement, status and history, answer, cancel."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access_requests import history, needs, policies, presentation, routing, visitors
from access_requests.forms.requests import AnswerForm
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.services import requests
from accounts.access import signed_in
from accounts.assurance import Strength
from accounts.models import User
from accounts.verdicts import Refusal


def _own(request: HttpRequest, number: str) -> AccessRequest:
    """Return the visitor's own request; somebody else's does not exist."""
    try:
        return (
            AccessRequest.objects.with_all()
            .exclude(status=Status.DRAFT)
            .get(tracking_number=number, requester=cast(User, request.user))
        )
    except AccessRequest.DoesNotExist:
        raise Http404 from None


def _visible(request: HttpRequest, number: str) -> AccessRequest:
    """Return a request that the visitor may look at; the own one costs one statement."""
    user = cast(User, request.user)
    found = AccessRequest.objects.with_all().filter(tracking_number=number).first()
    if found is None:
        raise Http404
    if found.requester_id == user.pk:
        return found
    if not visitors.visible_to(user).filter(pk=found.pk).exists():
        raise Http404
    return found


@signed_in
@require_safe
def acknowledgement(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that the request was received, with its tracking number."""
    access_request = _own(request, number)
    count = routing.approvers_for(access_request).count()
    context = {
        "access_request": access_request,
        "who_decides": presentation.who_decides(access_request, count),
        "next": presentation.what_happens_next(access_request),
        "steps": presentation.steps(presentation.ALL_STEPS),
        "sidenav": presentation.sidenav("request"),
    }
    return render(request, "access_requests/tracking_acknowledgement.html", context)


@signed_in
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a request stands, who decides, since when, and what happened."""
    access_request = _visible(request, number)
    return _detail_page(request, access_request)


def _detail_page(
    request: HttpRequest, access_request: AccessRequest, *, refusal: Refusal | None = None
) -> HttpResponse:
    is_own = access_request.requester_id == request.user.pk
    waits_for, grant = Strength.NONE, None
    if access_request.status == Status.APPROVED:
        grant = Grant.objects.filter(decision__access_request=access_request).first()
    if is_own and grant is not None and grant.ended_at is None:
        wanted = needs.demanded_by(access_request.wanted_role)
        waits_for = needs.missing(request.user, wanted)
    context = {
        "access_request": access_request,
        "is_own": is_own,
        "kind": presentation.status_kind(access_request),
        "rows": presentation.rows_of(access_request, access_request.wanted_role.attributes.all()),
        "history": history.history_of(access_request),
        "waited": presentation.waited(access_request.waiting_since),
        "next": presentation.what_happens_next(access_request, waits_for, grant=grant),
        "decision": presentation.decision_of(access_request),
        "again_href": presentation.asking_again(access_request),
        "waits_for": waits_for,
        "refusal": refusal,
        "sidenav": presentation.sidenav("access"),
    }
    if access_request.status == Status.PENDING:
        count = routing.approvers_for(access_request).count()
        context["who_decides"] = presentation.who_decides(access_request, count)
    status = 409 if refusal else 200
    return render(request, "access_requests/tracking_detail.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once more, then cancel the visitor's own open request."""
    access_request = _own(request, number)
    user = cast(User, request.user)
    if request.method == "POST":
        try:
            requests.withdraw(tracking_number=number, requester=user)
        except Refusal as refusal:
            return _detail_page(request, _own(request, number), refusal=refusal)
        messages.success(request, _("Request %(number)s was canceled.") % {"number": number})
        return redirect("access_requests:detail", number=number)
    verdict = policies.may_withdraw(user, access_request)
    if not verdict:
        return redirect("access_requests:detail", number=number)
    context = {"access_request": access_request, "sidenav": presentation.sidenav("access")}
    return render(request, "access_requests/tracking_cancel.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer an approver's question, mend the request and submit it again."""
    access_request = _own(request, number)
    attributes = list(access_request.wanted_role.attributes.all())
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        attributes=attributes,
        initial=AnswerForm.initial_of(access_request, attributes),
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            requests.resubmit(
                access_request_id=access_request.pk,
                requester=cast(User, request.user),
                answer=form.cleaned_data["answer"],
                **form.entered(),
            )
        except Refusal as error:
            refusal = error
        else:
            return redirect("access_requests:detail", number=number)
    if access_request.status != Status.RETURNED:
        return redirect("access_requests:detail", number=number)
    question = access_request.information_requests.filter(answered_at__isnull=True).last()
    context = {
        "access_request": access_request,
        "form": form,
        "question": question,
        "refusal": refusal,
        "sidenav": presentation.sidenav("access"),
    }
    status = 409 if refusal else 200
    return render(request, "access_requests/tracking_answer.html", context, status=status)
