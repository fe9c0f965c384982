"""Says what a request or grant is in the words and rows that pages show."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

import clock
from access_requests import policies, routing
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Court, Status
from access_requests.reasons import Reason
from access_requests.standing import Standing
from accounts.assurance import Strength, ial_of
from accounts.models import User
from catalog.models import Role, RoleAttribute

AGAIN = "again"  # names, in the address of the request page, the request to take over
ALL_STEPS = 4  # of a request, up to its acknowledgement
KINDS = {
    Status.DRAFT: "info",
    Status.PENDING: "waiting",
    Status.RETURNED: "waiting",
    Status.APPROVED: "good",
    Status.DENIED: "bad",
    Status.WITHDRAWN: "over",
    Status.EXPIRED: "over",
}


def moment(at: dt.datetime | None) -> str:
    """Return a point in time for people, in the portal's zone."""
    return date_format(localtime(at), "DATETIME_FORMAT") if at else ""


def day(at: dt.datetime | dt.date | None) -> str:
    """Return a day for people, in the portal's zone; lists show the same few days over and over."""
    if at is None:
        return ""
    return _day(localtime(at).date() if isinstance(at, dt.datetime) else at, get_language())


@lru_cache(maxsize=4096)
def _day(date: dt.date, language: str | None) -> str:
    return date_format(date, "DATE_FORMAT")


def waited(since: dt.datetime | None) -> str:
    """Return how long ago something was, such as "3 days"; under a minute is "a moment"."""
    if since is None:
        return ""
    now = clock.now()
    if now - since < dt.timedelta(minutes=1):
        return _("a moment")
    return timesince(since, now, depth=1)


def status_kind(access_request: AccessRequest) -> str:
    """Return the kind of status tag."""
    return KINDS[Status(access_request.status)]


def rows_of(
    access_request: AccessRequest, attributes: Iterable[RoleAttribute]
) -> list[dict[str, Any]]:
    """Return what was asked for, as rows of a summary list."""
    rows: list[tuple[str, str]] = [
        (_("System Description"), access_request.system.name),
        (_("Role"), access_request.role.name if access_request.role else ""),
    ]
    for attribute in attributes:
        if attribute.kind == RoleAttribute.Kind.ORGANIZATION:
            rows.append((attribute.label, access_request.organization_label))
        else:
            rows.append((attribute.label, str(access_request.answers.get(attribute.code, ""))))
    rows.append((_("Reason for request"), access_request.reason))
    return [{"label": label, "value": value} for label, value in rows]


def decided_by(access_request: AccessRequest) -> str:
    """Say by which rule a request is decided, and of which organization its people are."""
    by = routing.capacity(access_request)
    if access_request.court == Court.RULE and access_request.organization_label:
        rule = access_request.routed_rule
        if rule is not None and rule.scope == rule.Scope.SAME_ORGANIZATION:
            by = _("%(rule)s (%(organization)s)") % {
                "rule": by,
                "organization": access_request.organization_label,
            }
    return by


def who_decides(access_request: AccessRequest, count: int) -> str:
    """Say by which rule a request is decided, and by how many people."""
    by = decided_by(access_request)
    people = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
    return _("%(rule)s: %(people)s") % {"rule": by, "people": people}


_HELD = {
    Strength.NONE: gettext_lazy(
        "The role is held now. The system itself can need a few minutes to notice."
    ),
    Strength.WEAK: gettext_lazy(
        "The role is held, but opens nothing before there is an MFA device."
    ),
    Strength.STRONG: gettext_lazy(
        "The role is held, but opens nothing before there is an authenticator app, "
        "passkey or security key."
    ),
}


def what_happens_next(
    access_request: AccessRequest,
    waits_for: Strength = Strength.NONE,
    *,
    grant: Grant | None = None,
) -> str:
    """Say what the requester can expect now.

    Of an approved request ``grant`` is what came of it, and ``waits_for`` the device that the
    role waits for.
    """
    match access_request.status:
        case Status.PENDING:
            return _(
                "One of the people who decide will look at it. They are reminded after a while, "
                "and after %(days)d days without a decision the request expires. "
                "You get a mail either way."
            ) % {"days": settings.REQUEST_EXPIRY_DAYS}
        case Status.RETURNED:
            return _("An approver has asked a question. The request waits for the answer.")
        case Status.APPROVED if grant is not None and grant.ended_at is not None:
            return _("Nothing. The role was held until %(day)s; it can be asked for again.") % {
                "day": date_format(localtime(grant.ended_at), "DATE_FORMAT")
            }
        case Status.APPROVED:
            return str(_HELD[waits_for])
        case Status.DENIED:
            return _("Nothing. If the reason can be mended, the role can be asked for again.")
        case _:
            return _("Nothing. The role can be asked for again at any time.")


def ended_by(access_request: AccessRequest) -> str:
    """Say who or what ended a request without a decision; empty while nothing has."""
    match access_request.status:
        case Status.WITHDRAWN if not access_request.requester.is_active:
            return _("It was canceled, and the account of the requester is switched off.")
        case Status.WITHDRAWN:
            return _("The requester canceled it.")
        case Status.EXPIRED:
            return _("It expired, because nobody decided in time.")
        case _:
            return ""


def decision_of(access_request: AccessRequest) -> Any:
    """Return the decision, or None while there is none."""
    if access_request.status not in {Status.APPROVED, Status.DENIED}:
        return None
    return access_request.decision


def gates(user: User, role: Role, standing: Standing) -> list[dict[str, Any]]:
    """Return what is left to do before the role can be asked for."""
    back = asking_for(role)
    refused = {
        Reason.NEEDS_PROOFING: ial_of(user) < role.required_ial,
        Reason.ALREADY_HELD: standing.holds,
        Reason.ALREADY_PENDING: bool(standing.open_tracking_number),
        Reason.EXCLUDED_BY_ROLE: bool(standing.excluded_by),
        Reason.WAIT_BEFORE_REAPPLYING: bool(
            standing.removed_at and clock.now() < policies.reapply_from(role, standing.removed_at)
        ),
    }
    ways = {
        Reason.NEEDS_PROOFING: _("Prove your identity"),
        Reason.ALREADY_HELD: _("Choose a role that you do not hold yet"),
        Reason.ALREADY_PENDING: _("Wait for the decision on your open request"),
        Reason.EXCLUDED_BY_ROLE: _("Give back the role that stands against it"),
        Reason.WAIT_BEFORE_REAPPLYING: _("Wait a few minutes after the removal"),
    }
    return [
        {"label": ways[reason], "text": reason.label, **_way_out(reason, standing, back)}
        for reason, is_missing in refused.items()
        if is_missing
    ]


def asking_for(role: Role) -> str:
    """Return the address of the request page with the role chosen."""
    page = reverse("access_requests:new", args=[role.system.slug])
    return f"{page}?{urlencode({'role': role.code})}"


def asking_again(access_request: AccessRequest) -> str:
    """Return the address of the request page with role and answers of a closed request."""
    page = reverse("access_requests:new", args=[access_request.system.slug])
    return f"{page}?{urlencode({AGAIN: access_request.tracking_number})}"


def proving_identity(back: str) -> str:
    """Return the address of Identity Verification, which leads back afterwards."""
    return f"{reverse('accounts:proofing')}?{urlencode({'next': back})}"


def offering_mfa(back: str) -> str:
    """Return the address of the page that offers MFA, which leads back afterwards."""
    return f"{reverse('accounts:mfa_offer')}?{urlencode({'next': back})}"


def _way_out(reason: Reason, standing: Standing, back: str) -> dict[str, str]:
    """Return the link that leads on from a refusal, if there is one, and back to a page."""
    match reason:
        case Reason.ALREADY_PENDING if standing.open_tracking_number:
            href = reverse("access_requests:detail", args=[standing.open_tracking_number])
            return {"href": href, "link": _("See the open request")}
        case Reason.ALREADY_HELD | Reason.EXCLUDED_BY_ROLE:
            return {
                "href": reverse("access_requests:my_access"),
                "link": _("View and Manage My Access"),
            }
        case Reason.NEEDS_PROOFING:
            return {"href": proving_identity(back), "link": _("Prove your identity")}
        case _:
            return {}


def refusal(reason: str, standing: Standing, *, back: str) -> dict[str, str]:
    """Return an alert for a refused request: the sentence and the way out, and back to a page."""
    code = Reason(reason)
    return {"text": str(code.label), **_way_out(code, standing, back)}


def steps(done: int) -> list[dict[str, str]]:
    """Return the steps of a request for the indicator; ``done`` says how many are behind one."""
    labels = [_("Role"), _("Details"), _("Review"), _("Acknowledgement")]
    states = [*["complete"] * done, "current", *["incomplete"] * len(labels)]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=False)]


def sidenav(current: str) -> list[dict[str, Any]]:
    """Return the links beside the pages about one's own access."""
    return [
        {
            "label": _("Request New System Access"),
            "href": reverse("catalog:list"),
            "current": current == "request",
        },
        {
            "label": _("View and Manage My Access"),
            "href": reverse("access_requests:my_access"),
            "current": current == "access",
        },
    ]
