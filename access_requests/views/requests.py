"""Request New System Access: role and details, then the review."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from access_requests import policies, presentation, routing, standing
from access_requests.forms.requests import DetailsForm, RoleForm
from access_requests.models import AccessRequest
from access_requests.services import drafts, requests
from access_requests.standing import Standing
from accounts.access import signed_in
from accounts.assurance import AAL, IAL, ial_of
from accounts.models import User
from accounts.services import mfa_offer
from accounts.text import row_key
from accounts.verdicts import Refusal
from catalog.models import Role, RoleAttribute, System
from organizations.models import Organization

Attributes = list[RoleAttribute]
AFTER_PROOFING = "after_proofing"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a role and answer what it asks; every step is kept as a draft."""
    user = cast(User, request.user)
    system = get_object_or_404(System.objects.listed(), slug=slug)
    roles = list(Role.objects.requestable().filter(system=system).select_related("system"))
    if request.method == "POST":
        return _save(request, user, system, roles)
    draft = drafts.draft_of(requester=user, system=system)
    before = _asked_before(request, user, system)
    known = before or draft
    role = _wanted(request, roles) or (known.role if known else None)
    if role not in roles:
        role = None
    if role is not None and AFTER_PROOFING in request.GET and _may_offer_mfa(user, role):
        return redirect(presentation.offering_mfa(presentation.asking_for(role)))
    attributes = list(role.attributes.all()) if role else []
    return _page(
        request,
        system,
        role,
        RoleForm(system=system, roles=roles, initial={"role": role.code if role else ""}),
        DetailsForm(attributes=attributes, initial=DetailsForm.initial_of(known, attributes)),
        draft,
    )


def _wanted(request: HttpRequest, roles: list[Role]) -> Role | None:
    code = request.GET.get("role", "")
    return next((role for role in roles if role.code == code), None)


def _asked_before(request: HttpRequest, user: User, system: System) -> AccessRequest | None:
    """Return the visitor's closed request that is asked for again, if the address names one."""
    number = request.GET.get(presentation.AGAIN, "")
    if not number:
        return None
    closed = AccessRequest.objects.with_all().filter(requester=user, closed_at__isnull=False)
    return closed.filter(system=system, tracking_number=number[:10]).first()


def _save(request: HttpRequest, user: User, system: System, roles: list[Role]) -> HttpResponse:
    role_form = RoleForm(request.POST, system=system, roles=roles)
    role = role_form.chosen
    attributes = list(role.attributes.all()) if role else []
    details = DetailsForm(request.POST, attributes=attributes)
    is_complete = details.is_valid()
    if role is None or not role_form.is_valid():
        return _page(request, system, None, role_form, details, None)
    entered = details.entered()
    refusal = _twice(user, role, entered["organization_name"])
    if refusal is not None and not details.holds_words():
        return _refused(request, role, role_form, details, refusal)
    draft = drafts.save_draft(
        requester=user,
        system=system,
        role=role,
        **entered,
        typed=None if is_complete else details.typed(),
    )
    if refusal is not None:
        return _refused(request, role, role_form, details, refusal)
    if request.POST.get("shown_role") != role.code:
        return redirect(_before_details(user, role))
    if is_complete:
        return redirect("access_requests:review", slug=system.slug)
    return _page(request, system, role, role_form, details, draft)


def _twice(user: User, role: Role, organization_name: str) -> Refusal | None:
    try:
        drafts.refuse_twice(requester=user, role=role, organization_name=organization_name)
    except Refusal as refusal:
        return refusal
    return None


def _refused(
    request: HttpRequest, role: Role, role_form: RoleForm, details: DetailsForm, refusal: Refusal
) -> HttpResponse:
    """Say at the top why this cannot be asked for, with the way out; what was typed is kept."""
    user = cast(User, request.user)
    organization = Organization.objects.by_name(details.entered()["organization_name"])
    facts = standing.look(
        person=user, role=role, organization_id=organization.pk if organization else None
    )
    alert = presentation.refusal(refusal.reason, facts, back=request.path)
    draft = drafts.draft_of(requester=user, system=role.system)
    shown = role if request.POST.get("shown_role") == role.code else None
    return _page(request, role.system, shown, role_form, details, draft, alert=alert)


def _before_details(user: User, role: Role) -> str:
    """The page after the choice of a role: identity verification, then the offer of MFA, each once.

    Seed 004 steps 8 and 9; who has done both comes to the questions of the role at once.
    """
    back = presentation.asking_for(role)
    if ial_of(user) < role.required_ial:
        return presentation.proving_identity(f"{back}&{AFTER_PROOFING}=1")
    if _may_offer_mfa(user, role):
        return presentation.offering_mfa(back)
    return reverse("access_requests:new", args=[role.system.slug])


def _may_offer_mfa(user: User, role: Role) -> bool:
    """Whether this role is the occasion to offer MFA: one that asks for more than a password."""
    is_grave = role.required_ial > IAL.SELF_ASSERTED or role.required_aal > AAL.PASSWORD
    return is_grave and ial_of(user) >= role.required_ial and mfa_offer.due(user)


def _page(
    request: HttpRequest,
    system: System,
    role: Role | None,
    role_form: RoleForm,
    details: DetailsForm,
    draft: AccessRequest | None,
    *,
    alert: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "system": system,
        "role": role,
        "role_form": role_form,
        "details": details,
        "draft": draft,
        "alert": alert,
        "window": get_random_string(16),
        "steps": presentation.steps(0 if role is None else 1),
        "sidenav": presentation.sidenav("request"),
    }
    if role is not None and alert is None:
        user = cast(User, request.user)
        facts = standing.look(
            person=user, role=role, organization_id=draft.organization_id if draft else None
        )
        context["gates"] = presentation.gates(user, role, facts)
    return render(request, "access_requests/requests_new.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Read everything once more, then edit or submit."""
    user = cast(User, request.user)
    if request.method == "POST":
        return _submit(request, user, slug)
    system = get_object_or_404(System.objects.listed(), slug=slug)
    draft = drafts.draft_of(requester=user, system=system)
    if draft is None:
        return _back(request, slug, _("There is nothing to review here. Select a role, please."))
    if draft.typed is not None:
        unconfirmed = _("Your last answers are not confirmed yet. Look at them, then choose Next.")
        return _back(request, slug, unconfirmed)
    return _review_page(request, draft)


def _back(request: HttpRequest, slug: str, why: str) -> HttpResponse:
    """Lead back to the form, which says why."""
    messages.warning(request, why)
    return redirect("access_requests:new", slug=slug)


def _submit(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    draft_id, revision = (row_key(request.POST.get(name, "")) for name in ("draft", "revision"))
    if draft_id is None or revision is None:
        return redirect("access_requests:review", slug=slug)
    try:
        sent = requests.submit(access_request_id=draft_id, requester=user, revision=revision)
    except AccessRequest.DoesNotExist:
        return _back(request, slug, _("This draft is there no more. Nothing was submitted."))
    except Refusal as refusal:
        draft = AccessRequest.objects.with_all().get(pk=draft_id, requester=user)
        return _review_page(request, draft, refusal=refusal)
    return redirect("access_requests:acknowledgement", number=sent.tracking_number)


def _review_page(
    request: HttpRequest, draft: AccessRequest, *, refusal: Refusal | None = None
) -> HttpResponse:
    if draft.role is None:
        return _back(request, draft.system.slug, _("Select a role first."))
    facts = _look(draft)
    verdict = policies.may_submit(draft.requester, draft, facts, revision=None, now=clock.now())
    reason = refusal.reason if refusal else verdict.reason
    route = routing.route(draft)
    draft.court, draft.routed_rule = route.court, route.rule
    context = {
        "draft": draft,
        "rows": presentation.rows_of(draft, draft.role.attributes.all()),
        "who_decides": presentation.who_decides(draft, route.people.count()),
        "alert": presentation.refusal(reason, facts, back=request.path) if reason else None,
        "may_submit": bool(verdict),
        "steps": presentation.steps(2),
        "sidenav": presentation.sidenav("request"),
    }
    status = 409 if refusal else 200
    return render(request, "access_requests/requests_review.html", context, status=status)


def _look(draft: AccessRequest) -> Standing:
    return standing.look(
        person=draft.requester,
        role=draft.wanted_role,
        organization_id=draft.organization_id,
        organization_name=draft.organization_name,
        answers=draft.answers,
        except_request=draft.pk,
    )
