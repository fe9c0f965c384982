"""What stands between a person and a role right now, read by one statement."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from access_requests import panels, routing
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Court
from access_requests.panels import IDS, Panel
from accounts.models import User
from catalog.models import ApprovalRule, Role, RoleAttribute
from prepared import Prepared


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Facts that the policies judge; times are aware, texts are empty when nothing stands."""

    holds: bool = False
    open_tracking_number: str = ""
    excluded_by: str = ""
    removed_at: dt.datetime | None = None
    lacks_answers: bool = False
    decides: bool = False
    approves_others: bool = False


def look(
    *,
    person: User,
    role: Role,
    organization_id: int | None = None,
    organization_name: str = "",
    answers: Mapping[str, Any] | None = None,
    except_request: int | None = None,
    decider: User | None = None,
    court_of: AccessRequest | None = None,
) -> Standing:
    """Read the facts by one prepared statement.

    ``answers`` are checked for required questions of the role when given; ``except_request`` is
    the request under judgement, which does not stand in its own way; ``decider`` is asked for
    among the people who decide ``court_of``.
    """
    rule = court_of.routed_rule if court_of else None
    panel = Panel.of(Court(court_of.court), rule) if court_of and court_of.court else None
    row = _prepared(bool(organization_name), panel).first(
        **(routing.ids_of(court_of, rule) if court_of else dict.fromkeys(IDS)),
        person=person.pk,
        asked_role=role.pk,
        asked_system=role.system_id,
        asked_organization=organization_id,
        answered=_answered(answers),
        except_request=except_request,
        decider=decider.pk if decider else None,
    )
    if row is None:
        raise Role.DoesNotExist
    facts = dict(zip(_FACTS, row, strict=True))
    facts["open_tracking_number"] = facts["open_tracking_number"] or ""
    facts["excluded_by"] = facts["excluded_by"] or ""
    return Standing(**facts)


_FACTS = (
    "holds",
    "open_tracking_number",
    "excluded_by",
    "removed_at",
    "lacks_answers",
    "decides",
    "approves_others",
)


@cache
def _prepared(has_organization_name: bool, panel: Panel | None) -> Prepared[tuple[Any, ...]]:
    build = partial(_facts, has_organization_name, panel)
    numbers = ("person", "asked_role", "asked_system", "asked_organization", "except_request")
    ignored = (*IDS, "decider")
    types = {**dict.fromkeys((*numbers, *ignored), int), "answered": str}
    return Prepared(build, types, may_ignore=ignored)


def _facts(
    has_organization_name: bool,
    panel: Panel | None,
    *,
    person: int,
    asked_role: int,
    asked_system: int,
    asked_organization: Any,
    answered: str | None,
    except_request: int | None,
    decider: int | None,
    **ids: int | None,
) -> QuerySet[Role, tuple[Any, ...]]:
    grants = Grant.objects.filter(person=person)
    open_requests = AccessRequest.objects.open().filter(
        requester=person, role=asked_role, organization_id=asked_organization
    )
    if except_request is not None:
        open_requests = open_requests.exclude(pk=except_request)
    same = grants.standing().filter(role=asked_role, organization_id=asked_organization)
    excluding = grants.standing().filter(role__excludes=asked_role).order_by("pk")
    removed = grants.filter(role__system=asked_system, ended_at__isnull=False)
    return (
        Role.objects.filter(pk=asked_role)
        .annotate(
            holds=Exists(same),
            open_tracking_number=Subquery(open_requests.values("tracking_number")[:1]),
            excluded_by=Subquery(excluding.values("role__name")[:1]),
            removed_at=Subquery(removed.order_by("-ended_at").values("ended_at")[:1]),
            lacks_answers=_lacks(answered, has_organization_name),
            decides=_decides(panel, decider, person, ids),
            approves_others=Exists(ApprovalRule.objects.filter(approver_role=OuterRef("pk"))),
        )
        .values_list(*_FACTS)
    )


def _decides(
    panel: Panel | None, decider: int | None, requester: int, ids: dict[str, int | None]
) -> Exists | Value:
    if panel is None or decider is None:
        return Value(False)
    people = panels.members_of(panel, **ids)
    return Exists(people.filter(pk=decider).exclude(pk=requester))


def _answered(answers: Mapping[str, Any] | None) -> str | None:
    """Return the questions that have an answer, as JSON."""
    if answers is None:
        return None
    return json.dumps({code: True for code, text in answers.items() if text})


def _lacks(answered: str | None, has_organization_name: bool) -> Exists | Value | Q:
    """Tell whether a required question of the role has no answer."""
    if answered is None:
        return Value(False)
    unanswered = (
        RoleAttribute.objects.filter(role=OuterRef("pk"), required=True)
        .exclude(kind=RoleAttribute.Kind.ORGANIZATION)
        .alias(
            is_answered=Func(
                Cast(Value(answered, output_field=TextField()), JSONField()),
                F("code"),
                function="jsonb_exists",
                output_field=BooleanField(),
            )
        )
        .filter(is_answered=False)
    )
    if has_organization_name:
        return Exists(unanswered)
    homeless = RoleAttribute.objects.filter(
        role=OuterRef("pk"), required=True, kind=RoleAttribute.Kind.ORGANIZATION
    )
    return Q(Exists(unanswered)) | Q(Exists(homeless))
