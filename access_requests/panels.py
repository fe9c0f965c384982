"""The people who decide, as conditions: who belongs to a panel, and whether anybody does.

`routing` climbs the ladder with them. People whose account is switched off and people without a
strong second factor never count.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from access_requests.models import Grant
from access_requests.models.requests import Court
from access_requests.power_rows import DECIDE, OWN
from accounts.models import User
from accounts.policies import PORTAL_HELP_DESK
from catalog.models import (
    ApprovalRule,
    RoleGroupObjectPermission,
    RoleUserObjectPermission,
    SystemGroupObjectPermission,
    SystemUserObjectPermission,
)

# The keys that `everybody` takes.
IDS = ("system", "role", "organization", "approver_role")
SAME_ORGANIZATION = ApprovalRule.Scope.SAME_ORGANIZATION

_BY_ROLE = ApprovalRule.Approver.ROLE
_ASSIGNED = ApprovalRule.Approver.ASSIGNED
_Membership: Any = User.groups.through


@dataclass(frozen=True)
class Panel:
    """The kind of people who decide: a court, and when a rule has it, who and where."""

    court: Court
    approver: str = ""
    scope: str = ""

    @classmethod
    def of(cls, court: Court, rule: ApprovalRule | None) -> "Panel":
        """Return the panel of a court; without its rule that court has nobody."""
        if court != Court.RULE or rule is None:
            return cls(court)
        return cls(court, rule.approver, rule.scope)


def everybody(
    panel: Panel,
    *,
    system: int | None,
    role: int | None,
    organization: int | None,
    approver_role: int | None,
) -> QuerySet[User]:
    """Return the people of a panel who can decide, the requester too if so."""
    members = members_of(
        panel,
        system=system,
        role=role,
        organization=organization,
        approver_role=approver_role,
    )
    return members.filter(has_strong_factor=True)


def members_of(
    panel: Panel,
    *,
    system: int | None,
    role: int | None,
    organization: int | None,
    approver_role: int | None,
) -> QuerySet[User]:
    """Return the active people of a panel, those without a strong second factor too."""
    if panel.court == Court.HELP_DESK:
        chosen = User.objects.filter(groups__name=PORTAL_HELP_DESK)
    elif panel.court == Court.OWNER:
        chosen = _permitted(OWN, system_id=system)
    elif panel.approver == _ASSIGNED:
        chosen = _permitted(DECIDE, system_id=system, role_id=role)
    elif panel.approver == _BY_ROLE:
        holders = Grant.objects.standing().filter(role_id=approver_role or 0)
        if panel.scope == SAME_ORGANIZATION:
            # A request for no known organization has nobody of the same organization.
            if organization is None:
                return User.objects.none()
            holders = holders.filter(organization_id=organization)
        chosen = User.objects.filter(pk__in=holders.values("person"))
    else:
        return User.objects.none()
    return chosen.filter(is_active=True)


def _permitted(
    permission: str, *, system_id: int | None, role_id: int | None = None
) -> QuerySet[User]:
    """Return who holds an object permission on a system or role, alone or through a group."""
    is_it = Q(permission__codename=permission)
    on_system = is_it & Q(content_object=system_id)
    chosen = Q(pk__in=SystemUserObjectPermission.objects.filter(on_system).values("user")) | Q(
        groups__in=SystemGroupObjectPermission.objects.filter(on_system).values("group")
    )
    if role_id is not None:
        on_role = is_it & Q(content_object=role_id)
        chosen |= Q(pk__in=RoleUserObjectPermission.objects.filter(on_role).values("user")) | Q(
            groups__in=RoleGroupObjectPermission.objects.filter(on_role).values("group")
        )
    # Through a subquery, so that somebody in two groups counts once.
    return User.objects.filter(pk__in=User.objects.filter(chosen).values("pk"))


def somebody(requester: Any, organization: Any, system: Any) -> Q:
    """For a query of rules: whether anybody can decide by it; takes ids or outer columns."""
    holders = (
        Grant.objects.active()
        .filter(role=OuterRef("approver_role"), person__has_strong_factor=True)
        .exclude(person=requester)
    )
    by_role: Any = Q(approver=_BY_ROLE, scope=ApprovalRule.Scope.ANY) & Exists(holders)
    if organization is not None:
        by_role |= Q(approver=_BY_ROLE, scope=SAME_ORGANIZATION) & Exists(
            holders.filter(organization=organization)
        )
    assigned = granted(DECIDE, "system", system, requester) | granted(
        DECIDE, "role", OuterRef("role"), requester
    )
    return Q(by_role | (Q(approver=_ASSIGNED) & assigned))


_CAN_DECIDE = {"user__is_active": True, "user__has_strong_factor": True}


def granted(permission: str, kind: str, subject: Any, requester: Any) -> Q:
    """Whether somebody active but the requester holds the permission on a system or role."""
    table = SystemUserObjectPermission if kind == "system" else RoleUserObjectPermission
    in_person = table.objects.filter(
        permission__codename=permission, content_object=subject, **_CAN_DECIDE
    ).exclude(user=requester)
    in_group = _Membership.objects.filter(
        **_CAN_DECIDE,
        **{
            f"group__{kind}groupobjectpermission__permission__codename": permission,
            f"group__{kind}groupobjectpermission__content_object": subject,
        },
    ).exclude(user=requester)
    return Q(Exists(in_person)) | Q(Exists(in_group))
