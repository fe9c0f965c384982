"""What moves when people come and go: the requests that a grant brings, or leaves behind."""

from dataclasses import dataclass

from django.db.models import Q

from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import AccessRequestQuerySet, Court, Status
from access_requests.panels import SAME_ORGANIZATION
from access_requests.power_rows import OWN
from catalog.models import ApprovalRule


def gained_by(grant: Grant) -> AccessRequestQuerySet:
    """Return the pending requests that a new grant may lift to a higher rung."""
    wanted = Q(pk__in=[])
    for rule in grant.role.approves.all():
        below = Q(role=rule.role_id) & ~Q(court=Court.RULE, routed_rule__order__lte=rule.order)
        if rule.scope == SAME_ORGANIZATION:
            below &= Q(organization=grant.organization_id, organization__isnull=False)
        wanted |= below
    if grant.role.implied_permission == OWN:
        wanted |= Q(system=grant.role.system_id, court=Court.HELP_DESK)
    return AccessRequest.objects.filter(wanted, status=Status.PENDING)


def lost_with(grant: Grant) -> AccessRequestQuerySet:
    """Return the pending requests that waited for the holder of a grant."""
    by_rule = Q(court=Court.RULE, routed_rule__approver_role=grant.role_id)
    wanted = by_rule & Q(routed_rule__scope=ApprovalRule.Scope.ANY)
    if grant.organization_id is not None:
        wanted |= by_rule & Q(organization=grant.organization_id)
    if grant.role.implied_permission == OWN:
        wanted |= Q(court=Court.OWNER, system=grant.role.system_id)
    return AccessRequest.objects.filter(wanted, status=Status.PENDING)


@dataclass(frozen=True)
class Succession:
    """What the end of a grant would do to the requests of others."""

    is_last: bool
    waiting: int


def succession_of(grant: Grant) -> Succession:
    """Tell whether others hold the approver's role too, and how many requests wait for them."""
    rules = list(grant.role.approves.all())
    if not rules:
        return Succession(is_last=False, waiting=0)
    others = Grant.objects.active().filter(role=grant.role).exclude(person=grant.person_id)
    if all(rule.scope == SAME_ORGANIZATION for rule in rules):
        others = others.filter(organization=grant.organization_id)
    return Succession(is_last=not others.exists(), waiting=lost_with(grant).count())
