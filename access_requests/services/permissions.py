"""Keeps the object permissions on systems equal to what the grants imply.

Grants are the truth. ``own_system`` and ``support_users`` of single people are derived from
them, in the same transaction; permissions of groups and ``decide_requests`` are given by hand.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, CharField, F, Value, When

from access_requests.audit_tags import Tag
from access_requests.models import Grant
from audit import events
from catalog.models import Role, System, SystemUserObjectPermission

DERIVED = {
    kind: permission
    for kind in Role.Kind
    if (permission := Role(kind=kind).implied_permission) is not None
}

Row = tuple[int, int, str]


@dataclass(frozen=True)
class Difference:
    """Rows (person, system, permission) that had to be written or taken away."""

    missing: frozenset[Row]
    stray: frozenset[Row]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stray)


def write_for(grant: Grant) -> None:
    """Write the permission that the new grant carries, if it carries one."""
    permission = grant.role.implied_permission
    if permission is not None:
        SystemUserObjectPermission.objects.get_or_create(
            user=grant.person,
            content_object_id=grant.role.system_id,
            permission=_permission(permission),
        )


def remove_for(grant: Grant) -> None:
    """Take the permission of an ended grant away, unless another grant carries it too."""
    permission = grant.role.implied_permission
    if permission is None:
        return
    kinds = [kind for kind, implied in DERIVED.items() if implied == permission]
    others = Grant.objects.standing().filter(
        person=grant.person, role__system=grant.role.system_id, role__kind__in=kinds
    )
    if not others.exclude(pk=grant.pk).exists():
        SystemUserObjectPermission.objects.filter(
            user=grant.person,
            content_object_id=grant.role.system_id,
            permission__codename=permission,
        ).delete()


def _permission(codename: str) -> Permission:
    return Permission.objects.get(
        codename=codename, content_type=ContentType.objects.get_for_model(System)
    )


@transaction.atomic
def reconcile() -> Difference:
    """Mend what differs and return it; a difference means a fault, so it is written down."""
    implied = _implied()
    present = set(
        SystemUserObjectPermission.objects.filter(
            permission__codename__in=set(DERIVED.values())
        ).values_list("user_id", "content_object_id", "permission__codename")
    )
    difference = Difference(frozenset(implied - present), frozenset(present - implied))
    known = {codename: _permission(codename) for codename in DERIVED.values()}
    SystemUserObjectPermission.objects.bulk_create(
        [
            SystemUserObjectPermission(
                user_id=user, content_object_id=system, permission=known[codename]
            )
            for user, system, codename in sorted(difference.missing)
        ],
        ignore_conflicts=True,
    )
    for user, system, codename in difference.stray:
        SystemUserObjectPermission.objects.filter(
            user_id=user, content_object_id=system, permission=known[codename]
        ).delete()
    if difference:
        events.record(
            Tag.PERMISSIONS_MEND,
            actor=None,
            target=None,
            before={"stray": sorted(difference.stray)},
            after={"missing": sorted(difference.missing)},
        )
    return difference


def _implied() -> set[Row]:
    permission = Case(
        *(When(role__kind=kind, then=Value(name)) for kind, name in DERIVED.items()),
        output_field=CharField(),
    )
    return set(
        Grant.objects.standing()
        .filter(role__kind__in=DERIVED)
        .annotate(permission=permission, system=F("role__system"))
        .values_list("person_id", "system", "permission")
    )
