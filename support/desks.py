"""Which people an agent of a help desk serves, and who stands too high for an agent."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

import clock
from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from accounts.assurance import needs_strong_factor
from accounts.models import User
from accounts.policies import MANAGE_PERMISSION, PORTAL_HELP_DESK
from catalog.models import Role, System, SystemGroupObjectPermission, SystemUserObjectPermission

SUPPORT = "support_users"
READ_LOG_PERMISSION = "audit.view_auditentry"
_KEPT = "_help_desk"

Membership: Any = User.groups.through


@dataclass(frozen=True)
class Desk:
    """What somebody serves: the people of some systems, or everybody, or nobody."""

    systems: frozenset[int] = frozenset()
    everybody: bool = False

    def __bool__(self) -> bool:
        return self.everybody or bool(self.systems)

    def own_systems(self) -> QuerySet[System]:
        """Return the systems whose people Application Search looks up."""
        systems = System.objects.by_title()
        return systems if self.everybody else systems.filter(pk__in=self.systems)


class Rank(IntEnum):
    """How much harm an account could do in the wrong hands."""

    PERSON = 0
    WORKER = 1
    PORTAL = 2
    ADMINISTRATOR = 3
    SUPERUSER = 4


def desk_of(user: User) -> Desk:
    """Return what the person serves; asked once for a user object, by one statement."""
    if not hasattr(user, _KEPT):
        setattr(user, _KEPT, _read(user) if user.is_active else Desk())
    desk: Desk = getattr(user, _KEPT)
    return desk


def _read(user: User) -> Desk:
    system: Any = Cast(F("content_object_id"), BigIntegerField())
    groups = Membership.objects.filter(user=user)
    own = SystemUserObjectPermission.objects.filter(user=user, permission__codename=SUPPORT)
    of_groups = SystemGroupObjectPermission.objects.filter(
        group__in=groups.values("group"), permission__codename=SUPPORT
    )
    portal = groups.filter(group__name=PORTAL_HELP_DESK)
    nothing: Any = Value(None, output_field=BigIntegerField())
    found = set(
        own.annotate(system=system)
        .values_list("system")
        .union(
            of_groups.annotate(system=system).values_list("system"),
            portal.annotate(system=nothing).values_list("system"),
        )
    )
    return Desk(frozenset(key for (key,) in found if key is not None), (None,) in found)


def is_agent(user: Any) -> bool:
    """Tell whether the person works at a help desk."""
    return bool(desk_of(user))


def people_of(desk: Desk) -> QuerySet[User]:
    """Return the people a desk serves."""
    return User.objects.all() if desk.everybody else people_in(desk.systems)


def people_in(systems: Any) -> QuerySet[User]:
    """Return the people who have to do with these systems.

    They hold a role in one, or have asked for one and wait or were answered within
    ``settings.HELP_DESK_REQUEST_DAYS``.
    """
    # The roles are looked up first: only of keys it sees does PostgreSQL know how many hold them.
    roles = list(Role.objects.filter(system__in=systems).values_list("pk", flat=True))
    holds = Grant.objects.standing().filter(person=OuterRef("pk"), role__in=roles)
    asked = requests_in(systems).filter(still_of_concern(), requester=OuterRef("pk"))
    return User.objects.filter(Exists(holds) | Exists(asked))


def still_of_concern() -> Q:
    """Select requests that wait or ended within ``settings.HELP_DESK_REQUEST_DAYS``."""
    since = clock.now() - timedelta(days=settings.HELP_DESK_REQUEST_DAYS)
    return Q(closed_at__isnull=True) | Q(closed_at__gt=since)


def requests_in(systems: Any) -> QuerySet[AccessRequest]:
    """Return what was asked for in these systems; drafts are nobody's but the writer's."""
    return AccessRequest.objects.exclude(status=Status.DRAFT).filter(system__in=systems)


def rank_of(user: User) -> Rank:
    """Return how high an account stands; nobody serves one that stands above their own."""
    if user.is_superuser:
        return Rank.SUPERUSER
    if user.has_perm(MANAGE_PERMISSION):
        return Rank.ADMINISTRATOR
    if desk_of(user).everybody or user.has_perm(READ_LOG_PERMISSION):
        return Rank.PORTAL
    return Rank.WORKER if needs_strong_factor(user) else Rank.PERSON
