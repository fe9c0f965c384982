"""What the room of requests holds on a person, for that person's own record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from access_requests.models import AccessRequest, Decision, Grant, InformationRequest
from accounts.models import User
from accounts.my_data import Section, register
from catalog.models import RoleUserObjectPermission, SystemUserObjectPermission

_REQUEST: dict[str, Any] = {
    "tracking_number": _("Tracking number"),
    "role": _("Role"),
    "system": _("System"),
    "organization": _("Organization"),
    "status": _("State"),
    "answers": _("What you answered"),
    "reason": _("Your reason"),
    "typed": _("Typed and not sent yet"),
    "begun_at": _("Begun"),
    "submitted_at": _("Submitted"),
    "closed_at": _("Closed"),
    "decided_by": _("Decided by"),
    "decided_as": _("Decided as"),
    "outcome": _("Decision"),
    "comment": _("Comment on the decision"),
}
_QUESTION: dict[str, Any] = {
    "tracking_number": _("Tracking number"),
    "asked_at": _("Asked"),
    "asked_by": _("Asked by"),
    "question": _("Question"),
    "answer": _("Answer"),
    "answered_at": _("Answered"),
}
_GRANT: dict[str, Any] = {
    "role": _("Role"),
    "system": _("System"),
    "organization": _("Organization"),
    "tracking_number": _("From the request"),
    "started_at": _("Since"),
    "certify_by": _("To be certified by"),
    "ended_at": _("Ended"),
    "end_reason": _("Why it ended"),
    "ended_by": _("Ended by"),
    "end_note": _("Note on the end"),
}
_DECISION: dict[str, Any] = {
    "decided_at": _("Decided"),
    "tracking_number": _("Tracking number"),
    "role": _("Role"),
    "outcome": _("Decision"),
    "decided_as": _("Decided as"),
    "comment": _("Your comment"),
}
_ASSIGNMENT: dict[str, Any] = {"right": _("Right"), "thing": _("For")}


def _typed(request: AccessRequest) -> dict[str, str]:
    typed = request.typed or {"answers": {}}
    texts = {"organization": typed.get("organization_name"), "reason": typed.get("reason")}
    return {name: text for name, text in {**typed["answers"], **texts}.items() if text}


def _requests(user: User) -> Iterable[Mapping[str, Any]]:
    found = AccessRequest.objects.filter(requester=user).select_related(
        "role", "system", "organization", "decision__approver"
    )
    for request in found.order_by("-pk"):
        decision: Decision | None = getattr(request, "decision", None)
        yield {
            "tracking_number": request.tracking_number,
            "role": request.role.name if request.role else "",
            "system": request.system.name,
            "organization": request.organization_label,
            "status": request.get_status_display(),
            "answers": request.answers,
            "reason": request.reason,
            "typed": _typed(request),
            "begun_at": request.created_at,
            "submitted_at": request.submitted_at,
            "closed_at": request.closed_at,
            "decided_by": decision.approver.get_full_name() if decision else "",
            "decided_as": decision.capacity if decision else "",
            "outcome": decision.get_outcome_display() if decision else "",
            "comment": decision.comment if decision else "",
        }


def _questions(user: User) -> Iterable[Mapping[str, Any]]:
    found = InformationRequest.objects.filter(access_request__requester=user).select_related(
        "access_request", "asked_by"
    )
    for question in found.order_by("-pk"):
        yield {
            "tracking_number": question.access_request.tracking_number,
            "asked_at": question.asked_at,
            "asked_by": question.asked_by.get_full_name(),
            "question": question.question,
            "answer": question.answer,
            "answered_at": question.answered_at,
        }


def _grants(user: User) -> Iterable[Mapping[str, Any]]:
    found = Grant.objects.filter(person=user).select_related(
        "role__system", "organization", "decision__access_request", "ended_by"
    )
    for grant in found.order_by("-started_at", "-pk"):
        yield {
            "role": grant.role.name,
            "system": grant.role.system.name,
            "organization": grant.organization_label,
            "tracking_number": grant.decision.access_request.tracking_number,
            "started_at": grant.started_at,
            "certify_by": grant.certify_by,
            "ended_at": grant.ended_at,
            "end_reason": grant.get_end_reason_display(),
            "ended_by": grant.ended_by.get_full_name() if grant.ended_by else "",
            "end_note": grant.end_note,
        }


def _decisions(user: User) -> Iterable[Mapping[str, Any]]:
    """What the person decided for others; the others are named by the tracking number only."""
    found = Decision.objects.filter(approver=user).select_related("access_request__role")
    for decision in found.order_by("-pk"):
        role = decision.access_request.role
        yield {
            "decided_at": decision.decided_at,
            "tracking_number": decision.access_request.tracking_number,
            "role": role.name if role else "",
            "outcome": decision.get_outcome_display(),
            "decided_as": decision.capacity,
            "comment": decision.comment,
        }


def _assignments(user: User) -> Iterable[Mapping[str, Any]]:
    for model in (SystemUserObjectPermission, RoleUserObjectPermission):
        found = model.objects.filter(user=user).select_related("permission", "content_object")
        for given in found.order_by("pk"):
            yield {"right": given.permission.name, "thing": str(given.content_object)}


def register_all() -> None:
    """Register the sections of this room."""
    register(
        _section(40, "grants", _("Roles you hold and held"), _GRANT, _grants, "Grant"),
        _section(41, "requests", _("Your requests"), _REQUEST, _requests, "AccessRequest"),
        _section(
            42,
            "questions",
            _("Questions about your requests"),
            _QUESTION,
            _questions,
            "InformationRequest",
        ),
        _section(43, "decisions", _("What you decided"), _DECISION, _decisions, "Decision"),
        Section(
            name="assignments",
            title=_("Rights given to you by name"),
            columns=_ASSIGNMENT,
            read=_assignments,
            tables=("catalog.SystemUserObjectPermission", "catalog.RoleUserObjectPermission"),
            place=44,
        ),
    )


def _section(
    place: int, name: str, title: Any, columns: Mapping[str, Any], read: Any, table: str
) -> Section:
    return Section(
        name=name,
        title=title,
        columns=columns,
        read=read,
        tables=(f"access_requests.{table}",),
        place=place,
    )
