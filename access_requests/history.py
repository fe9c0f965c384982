"""Tells what happened to a request, for its own page and for those who decide it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from access_requests import presentation
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest
from access_requests.models.requests import Court
from audit.models import AuditEntry
from catalog.models import ApprovalRule


class Event(NamedTuple):
    """One thing that happened, with the words that somebody wrote then."""

    at: dt.datetime
    what: str
    text: str = ""


def history_of(access_request: AccessRequest) -> list[dict[str, str]]:
    """Return what happened to the request, oldest first, as lines of a page.

    Asks for questions, the log and the decision.
    """
    found = [
        *_submission(access_request),
        *_questions(access_request),
        *_reroutes(access_request),
    ]
    return [
        {"at": presentation.moment(event.at), "what": event.what, "text": event.text}
        for event in (*sorted(found, key=lambda event: event.at), *_end(access_request))
    ]


def _submission(access_request: AccessRequest) -> Iterator[Event]:
    if access_request.submitted_at:
        submitted = _("Submitted by %(person)s")
        person = access_request.requester.get_full_name()
        yield Event(access_request.submitted_at, submitted % {"person": person})


def _questions(access_request: AccessRequest) -> Iterator[Event]:
    for asked in access_request.information_requests.select_related("asked_by"):
        returned = _("Returned for information by %(person)s")
        person = asked.asked_by.get_full_name()
        yield Event(asked.asked_at, returned % {"person": person}, asked.question)
        if asked.answered_at:
            yield Event(asked.answered_at, _("Answered and submitted again"), asked.answer)


def _reroutes(access_request: AccessRequest) -> Iterator[Event]:
    """Tell to whom it passed when those who could decide it changed; who they are stays open."""
    entries = list(
        AuditEntry.objects.filter(
            target_type=AccessRequest._meta.label_lower,  # noqa: SLF001 - public API
            target_id=str(access_request.pk),
            tag=Tag.REROUTE,
        ).order_by("pk")
    )
    places: list[dict[str, Any]] = [entry.after or {} for entry in entries]
    rules = _rules({place.get("rule") for place in places} - {None})
    for entry, place in zip(entries, places, strict=True):
        rule = rules.get(place.get("rule"))
        to = rule.describe() if rule else str(Court(place["court"]).label)
        yield Event(entry.at, _("Passed on to: %(people)s") % {"people": to})


def _rules(keys: set[Any]) -> dict[Any, ApprovalRule]:
    if not keys:
        return {}
    return ApprovalRule.objects.select_related("approver_role").in_bulk(keys)


def _end(access_request: AccessRequest) -> Iterator[Event]:
    decision = presentation.decision_of(access_request)
    if decision is not None:
        what = _("%(outcome)s by %(person)s, as: %(capacity)s") % {
            "outcome": decision.get_outcome_display(),
            "person": decision.approver.get_full_name(),
            "capacity": decision.capacity or "-",
        }
        yield Event(decision.decided_at, what, decision.comment)
    elif access_request.closed_at:
        yield Event(access_request.closed_at, access_request.get_status_display())
