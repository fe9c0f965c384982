"""Asks for roles through the portal's own services, inside a process with its settings."""

from access_requests.models import AccessRequest
from access_requests.services import drafts, requests
from accounts.models import User
from catalog.models import Role

HARBOR = "Harbor Community Health"
REASON = "I help people in Harbor County to enroll."


def draft(requester: User, role: Role, organization: str = HARBOR) -> AccessRequest:
    """Fill a request as far as the review page."""
    answers = {
        attribute.code: _answer(attribute.code)
        for attribute in role.attributes.exclude(kind="organization")
    }
    has_organization = role.attributes.filter(kind="organization").exists()
    return drafts.save_draft(
        requester=requester,
        system=role.system,
        role=role,
        organization_name=organization if has_organization else "",
        answers=answers,
        reason=REASON,
    )


def ask(requester: User, role: Role, organization: str = HARBOR) -> AccessRequest:
    """Submit a request."""
    return requests.submit(
        access_request_id=draft(requester, role, organization).pk, requester=requester
    )


def role(system: str, code: str) -> Role:
    """Find a role of the catalog."""
    return Role.objects.select_related("system").get(system__slug=system, code=code)


def _answer(code: str) -> str:
    return "NAV-204417" if code == "navigator-or-cac-id" else "sample"
