"""What stands between a person and a role right now, read by one statement."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
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
    Value,
)

from access_requests.models import AccessRequest, Grant
from accounts.models import User
from catalog.models import ApprovalRule, Role, RoleAttribute


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
    organization_id: Any = None,
    organization_name: str = "",
    answers: Mapping[str, Any] | None = None,
    except_request: int | None = None,
    deciders: QuerySet[User] | None = None,
) -> Standing:
    """Read the facts by one statement.

    ``answers`` are checked for required questions of the role when given; ``except_request`` is
    the request under judgement, which does not stand in its own way; ``deciders`` narrows the
    people who decide to the one who asks.
    """
    grants = Grant.objects.filter(person=person)
    open_requests = AccessRequest.objects.open().filter(
        requester=person, role=role, organization_id=organization_id
    )
    if except_request:
        open_requests = open_requests.exclude(pk=except_request)
    row = (
        Role.objects.filter(pk=role.pk)
        .annotate(
            holds=Exists(grants.standing().filter(role=role, organization_id=organization_id)),
            open_tracking_number=Subquery(open_requests.values("tracking_number")[:1]),
            excluded_by=Subquery(
                grants.standing()
                .filter(role__excludes=role)
                .order_by("pk")
                .values("role__name")[:1]
            ),
            removed_at=Subquery(
                grants.filter(role__system=role.system_id, ended_at__isnull=False)
                .order_by("-ended_at")
                .values("ended_at")[:1]
            ),
            lacks_answers=_lacks(answers, organization_name),
            decides=_decides(deciders),
            approves_others=Exists(ApprovalRule.objects.filter(approver_role=OuterRef("pk"))),
        )
        .values(
            "holds",
            "open_tracking_number",
            "excluded_by",
            "removed_at",
            "lacks_answers",
            "decides",
            "approves_others",
        )
        .get()
    )
    row["open_tracking_number"] = row["open_tracking_number"] or ""
    row["excluded_by"] = row["excluded_by"] or ""
    return Standing(**row)


def _decides(deciders: QuerySet[User] | None) -> Exists | Value:
    return Value(False) if deciders is None else Exists(deciders)


def _lacks(answers: Mapping[str, Any] | None, organization_name: str) -> Exists | Value | Q:
    """Tell whether a required question of the role has no answer."""
    if answers is None:
        return Value(False)
    answered = {code: text for code, text in answers.items() if text}
    unanswered = (
        RoleAttribute.objects.filter(role=OuterRef("pk"), required=True)
        .exclude(kind=RoleAttribute.Kind.ORGANIZATION)
        .alias(
            is_answered=Func(
                Value(answered, output_field=JSONField()),
                F("code"),
                function="jsonb_exists",
                output_field=BooleanField(),
            )
        )
        .filter(is_answered=False)
    )
    if organization_name:
        return Exists(unanswered)
    homeless = RoleAttribute.objects.filter(
        role=OuterRef("pk"), required=True, kind=RoleAttribute.Kind.ORGANIZATION
    )
    return Q(Exists(unanswered)) | Q(Exists(homeless))
