"""Asks the tables which roles nobody could ever approve."""

from collections.abc import Collection, Iterable

from catalog.ladders import unapprovable
from catalog.models import ApprovalRule, Role

Rungs = list[int | None]


def ladders_in_use() -> dict[int, Rungs]:
    """Return the roles that can be asked for, each with the roles that approve it.

    None among the approvers stands for people who are assigned.
    """
    ladders: dict[int, Rungs] = {
        pk: [] for pk in Role.objects.requestable().values_list("pk", flat=True)
    }
    rules = ApprovalRule.objects.filter(role__in=Role.objects.requestable())
    for role, approver in rules.values_list("role", "approver_role"):
        ladders[role].append(approver)
    return ladders


def has_approvers(*, role_pk: int | None, rungs: Iterable[int | None]) -> bool:
    """Say whether a role with these approvers could ever be approved by anybody.

    `role_pk` is None for a role that is not saved yet.
    """
    key = role_pk or 0
    ladders = ladders_in_use()
    ladders[key] = list(rungs)
    return key not in unapprovable(ladders)


def stranded_without(retired: Collection[int]) -> list[Role]:
    """Return the roles that would lose all their approvers if these roles were retired."""
    ladders = ladders_in_use()
    already = unapprovable(ladders)
    left = {role: rungs for role, rungs in ladders.items() if role not in retired}
    stranded = unapprovable(left) - already
    return list(Role.objects.filter(pk__in=stranded).select_related("system"))
