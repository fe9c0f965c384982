"""Makes one object of each kind, so that every page has something to show."""

import json

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse

import clock
from access_requests.models import Grant
from access_requests.services import decisions
from accounts.models import User
from accounts.services import devices
from audit.models import AuditEntry
from support.models import Contact, Proposal
from tests.live import newcomers
from tests.live.asking import ask, draft, role

REQUESTER = "sample.requester"
COLLEAGUE = "sample.colleague"
ADMIN = "admin.portal"


@transaction.atomic
def main(given: None) -> dict[str, str]:
    """Return the places of the paths in `tests.live.pages` and what to put there."""
    requester, colleague = newcomers.make([REQUESTER, COLLEAGUE])
    external = User.objects.get(user_id="approver.external")
    end_user = role("zone", "end-user")

    held = ask(requester, end_user)
    decisions.approve(tracking_number=str(held.tracking_number), approver=external)
    waiting = ask(colleague, end_user)
    own = ask(requester, role("salesforce", "end-user"))
    returned = ask(requester, role("ecrs", "end-user"))
    helpdesk = User.objects.get(user_id="helpdesk.portal")
    decisions.return_for_information(
        tracking_number=str(returned.tracking_number),
        approver=helpdesk,
        question="Which office do you work for?",
    )
    draft(requester, role("desy", "end-user"))
    grant = Grant.objects.get(person=requester)
    served = _served(colleague, by=helpdesk)
    return {
        "served": str(colleague.pk),
        "unopened": str(requester.pk),
        "proposal": str(served.pk),
        "slug": "zone",
        "draft_slug": "desy",
        "grant": str(grant.pk),
        "approved": str(held.tracking_number),
        "own": str(own.tracking_number),
        "returned": str(returned.tracking_number),
        "waiting": str(waiting.tracking_number),
        "entry": str(AuditEntry.objects.latest("id").pk),
        "admin_paths": json.dumps(_admin_paths()),
    }


def _served(person: User, *, by: User) -> Proposal:
    """Open an account for an agent, with a verified caller, a device, and a proposal about it."""
    device = devices.add(user=person, kind="email")
    device.confirm()
    device.save()
    devices.refresh(person)
    now = clock.now()
    why = {"reason": "Lost the phone", "reference": "CALL-1", "opened_at": now}
    verified = {"verified_at": now, "way": Contact.Way.PORTAL_CODE}
    Contact.objects.create(agent=by, person=person, **why, **verified)
    first = User.objects.get(user_id="helpdesk.zone")
    contact = Contact.objects.create(agent=first, person=person, **why, **verified)
    return Proposal.objects.create(
        person=person,
        contact=contact,
        proposed_by=first,
        proposed_at=now,
        reason="Lost every device",
        not_before=now,
        expires_at=now + settings.HELP_DESK_PROPOSAL_LIFETIME,
        security_version=person.security_version,
    )


def _admin_paths() -> list[str]:
    """Every page of the admin that the administrator may open, with the first of each kind."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(user_id=ADMIN)
    paths = [reverse("admin:index")]
    for app in admin.site.get_app_list(request):
        paths.append(str(app["app_url"]))
        for entry in app["models"]:
            meta = entry["model"]._meta
            paths += [entry["admin_url"], *([entry["add_url"]] if entry["add_url"] else [])]
            first = entry["model"]._default_manager.order_by("pk").first()
            if first is not None:
                name = f"admin:{meta.app_label}_{meta.model_name}"
                paths.append(reverse(f"{name}_change", args=[first.pk]))
                paths.append(reverse(f"{name}_history", args=[first.pk]))
    return paths
