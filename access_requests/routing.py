"""Who decides: from a request to its people, and from a person to the requests.

The ladder of a role (``catalog.ApprovalRule``) is climbed from the first rung; the first one
with somebody who can decide wins. Below the ladder stand the owner of the system and the portal
help desk. The requester, people whose account is switched off and people without a strong second
factor never count.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from access_requests import panels, power_rows
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet, Court, Status
from access_requests.panels import IDS, Panel, everybody
from access_requests.power_rows import OWN
from accounts.models import User
from accounts.policies import PORTAL_HELP_DESK
from catalog.models import ApprovalRule
from prepared import Prepared, any_of

ADMINISTRATORS_GROUP = "Portal administrators"


@dataclass(frozen=True)
class Route:
    """Where a request goes: the court, and the rule when the court is one."""

    access_request: AccessRequest
    court: Court
    rule: ApprovalRule | None

    @property
    def people(self) -> QuerySet[User]:
        """The people who can decide."""
        return people(self.access_request, self.court, self.rule)

    def list_people(self) -> list[User]:
        """Read the people who can decide, by a prepared statement."""
        panel = Panel.of(self.court, self.rule)
        return _listed(panel).all(
            **ids_of(self.access_request, self.rule), requester=self.access_request.requester_id
        )


# --- From a request to its people -----------------------------------------------------------


def route(access_request: AccessRequest) -> Route:
    """Find the first rung with somebody on it.

    One statement when a rule has somebody, two when not; the people are one more when listed.
    """
    requester, system = access_request.requester_id, access_request.system_id
    rule = _FIRST_RULE.first(
        role=access_request.role_id,
        requester=requester,
        organization=access_request.organization_id,
        system=system,
    )
    if rule is not None:
        court = Court.RULE
    elif AccessRequest.objects.filter(
        panels.granted(OWN, "system", system, requester), pk=access_request.pk
    ).exists():
        court = Court.OWNER
    else:
        court = Court.HELP_DESK
    return Route(access_request, court, rule)


def _first_rule(
    role: int, requester: int, organization: int | None, system: int
) -> QuerySet[ApprovalRule]:
    return (
        ApprovalRule.objects.filter(role=role)
        .filter(panels.somebody(requester, organization, system))
        .select_related("approver_role")
        .order_by("order")[:1]
    )


_FIRST_RULE = Prepared(_first_rule, role=int, requester=int, organization=int, system=int)


def approvers_for(access_request: AccessRequest) -> QuerySet[User]:
    """Return the people who can decide the request by the route stored with it."""
    if not access_request.court:
        return User.objects.none()
    return people(access_request, Court(access_request.court), access_request.routed_rule)


def people(
    access_request: AccessRequest, court: Court, rule: ApprovalRule | None
) -> QuerySet[User]:
    """Return the active people of a court, without the requester."""
    return _everybody(access_request, court, rule).exclude(pk=access_request.requester_id)


def everybody_in_court_of(access_request: AccessRequest) -> QuerySet[User]:
    """Return the active people of the stored court; may hold the requester, for lists of many."""
    return _everybody(access_request, Court(access_request.court), access_request.routed_rule)


def _everybody(
    access_request: AccessRequest, court: Court, rule: ApprovalRule | None
) -> QuerySet[User]:
    return everybody(Panel.of(court, rule), **ids_of(access_request, rule))


def ids_of(access_request: AccessRequest, rule: ApprovalRule | None) -> dict[str, int | None]:
    """Return the keys by which the people of a panel are found."""
    return {
        "system": access_request.system_id,
        "role": access_request.role_id,
        "organization": access_request.organization_id,
        "approver_role": rule.approver_role_id if rule else None,
    }


@cache
def _listed(panel: Panel) -> Prepared[User]:
    def build(requester: int, **ids: int | None) -> QuerySet[User]:
        return everybody(panel, **ids).exclude(pk=requester)  # all four

    return Prepared(build, dict.fromkeys((*IDS, "requester"), int), may_ignore=IDS)


def with_route(requests: QuerySet[AccessRequest]) -> QuerySet[Any]:
    """Annotate each request with ``best_rule`` (or None) and ``best_court`` as things stand."""
    return requests.annotate(
        best_rule=Subquery(
            ApprovalRule.objects.filter(role=OuterRef("role"))
            .filter(
                panels.somebody(
                    *(OuterRef(OuterRef(name)) for name in ("requester", "organization", "system"))
                )
            )
            .order_by("order")
            .values("pk")[:1],
            output_field=BigIntegerField(),
        ),
    ).annotate(
        best_court=Case(
            When(best_rule__isnull=False, then=Value(Court.RULE.value)),
            When(
                panels.granted(OWN, "system", OuterRef("system"), OuterRef("requester")),
                then=Value(Court.OWNER.value),
            ),
            default=Value(Court.HELP_DESK.value),
            output_field=CharField(),
        ),
    )


def misrouted(requests: AccessRequestQuerySet) -> Any:
    """Narrow pending requests to those whose stored route is not the best any more."""
    return (
        with_route(requests.filter(status=Status.PENDING))
        .exclude(court=F("best_court"), routed_rule=F("best_rule"))
        .exclude(~Q(court=Court.RULE), court=F("best_court"))
    )


# --- From a person to the requests ----------------------------------------------------------


@dataclass(frozen=True)
class Powers:
    """What a person may decide: rules, some only for one organization, owned systems, desk."""

    person_id: int
    rules: Collection[int] = frozenset()
    rules_by_organization: Mapping[int, Collection[int]] = field(default_factory=dict)
    owned_systems: Collection[int] = frozenset()
    is_help_desk: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.rules or self.rules_by_organization or self.owned_systems or self.is_help_desk
        )


def powers_of(user: User) -> Powers:
    """Read by one statement what the person may decide, whether or not the account is in use."""
    rules: set[int] = set()
    by_organization: defaultdict[int, set[int]] = defaultdict(set)
    systems: set[int] = set()
    desk = False
    found = power_rows.rows_of(user.pk, help_desk_group=PORTAL_HELP_DESK)
    for kind, subject, organization in found:
        if kind == power_rows.DESK:
            desk = True
        elif kind == power_rows.OWNER:
            systems.add(subject)
        elif kind == power_rows.HERE:
            by_organization[organization].add(subject)
        else:
            rules.add(subject)
    return Powers(
        person_id=user.pk,
        rules=frozenset(rules),
        rules_by_organization={key: frozenset(value) for key, value in by_organization.items()},
        owned_systems=frozenset(systems),
        is_help_desk=desk,
    )


def queue_of(user: User) -> AccessRequestQuerySet:
    """Return the pending requests that the person can decide. One statement for the powers."""
    return waiting_for(powers_of(user)) if can_decide(user) else AccessRequest.objects.none()


def can_decide(user: User) -> bool:
    """Whether requests may wait for the person: in use, and with a strong second factor."""
    return user.is_active and user.has_strong_factor


def waiting_for(powers: Powers) -> AccessRequestQuerySet:
    """Return the pending requests that these powers decide, without the person's own."""
    return routed_to(powers).exclude(requester_id=powers.person_id)


def count_queue(user: User, powers: Powers, *, most: int) -> int:
    """Return how long the queue of `queue_of` is, but not beyond ``most``."""
    if not can_decide(user):
        return 0
    return power_rows.count_waiting(
        person_id=powers.person_id,
        rules=powers.rules,
        rules_by_organization=powers.rules_by_organization,
        owned_systems=powers.owned_systems,
        is_help_desk=powers.is_help_desk,
        most=most,
    )


def routed_to(powers: Powers) -> AccessRequestQuerySet:
    """Return the pending requests whose stored route leads to these powers."""
    return AccessRequest.objects.filter(in_court_of(powers), status=Status.PENDING)


def in_court_of(powers: Powers) -> Q:
    """Select requests, open or closed, whose stored route leads to these powers."""
    by_rule = Q(court=Court.RULE)
    wanted = Q(pk__in=[])
    if powers.rules:
        wanted |= by_rule & Q(any_of("routed_rule", list(powers.rules)))
    for organization, rules in powers.rules_by_organization.items():
        here = by_rule & Q(organization=organization)
        wanted |= here & Q(any_of("routed_rule", list(rules)))
    if powers.owned_systems:
        wanted |= Q(court=Court.OWNER) & Q(any_of("system", list(powers.owned_systems)))
    if powers.is_help_desk:
        wanted |= Q(court=Court.HELP_DESK)
    return wanted


# --- In words, and when all else fails -----------------------------------------------------


def capacity(access_request: AccessRequest) -> str:
    """Say in words by which rule the request is decided."""
    if access_request.court == Court.RULE and access_request.routed_rule is not None:
        return access_request.routed_rule.describe()
    return str(Court(access_request.court).label) if access_request.court else ""


def administrators() -> QuerySet[User]:
    """Return the people who can put the ladder right when nobody at all can decide."""
    return User.objects.filter(groups__name=ADMINISTRATORS_GROUP, is_active=True)
