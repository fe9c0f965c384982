"""Asks the database what a person may decide, by one statement that every approver's page runs.

Written as SQL because the same union through the ORM joined 45 tables: five milliseconds to build
and five more to plan, where this takes one. `tests/integration/access_requests/test_routing.py`
holds it against the other direction, from a request to its people.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from access_requests.models.requests import Court, Status
from catalog.models import ApprovalRule
from prepared import Statement

DECIDE = "decide_requests"
OWN = "own_system"

RULE, HERE, OWNER, DESK = "rule", "here", "owner", "desk"

# Each row: a kind, its rule or system, and for HERE the organization the rule is good for.
_ROWS = Statement.named(
    """
WITH memberships AS (
    SELECT group_id FROM accounts_user_groups WHERE user_id = %(person)s
), permitted AS (
    SELECT permission_id, content_object_id AS role_id, NULL::bigint AS system_id
      FROM catalog_roleuserobjectpermission WHERE user_id = %(person)s
     UNION ALL
    SELECT permission_id, content_object_id, NULL
      FROM catalog_rolegroupobjectpermission JOIN memberships USING (group_id)
     UNION ALL
    SELECT permission_id, NULL, content_object_id
      FROM catalog_systemuserobjectpermission WHERE user_id = %(person)s
     UNION ALL
    SELECT permission_id, NULL, content_object_id
      FROM catalog_systemgroupobjectpermission JOIN memberships USING (group_id)
), allowed AS (
    SELECT codename, role_id, system_id
      FROM permitted JOIN auth_permission ON auth_permission.id = permission_id
)
SELECT CASE rule.scope WHEN %(any)s THEN 'rule' ELSE 'here' END, rule.id, held.organization_id
  FROM access_requests_grant held
  -- Looked up for each role held: left the choice, PostgreSQL walks through all rules.
 CROSS JOIN LATERAL (SELECT id, scope FROM catalog_approvalrule
                      WHERE approver_role_id = held.role_id OFFSET 0) AS rule
 WHERE held.person_id = %(person)s AND held.ended_at IS NULL
   AND (rule.scope = %(any)s OR held.organization_id IS NOT NULL)
 UNION ALL
SELECT 'rule', rule.id, NULL
  FROM allowed
  JOIN catalog_role role ON role.id = allowed.role_id OR role.system_id = allowed.system_id
  JOIN catalog_approvalrule rule ON rule.role_id = role.id AND rule.approver = %(assigned)s
 WHERE allowed.codename = %(decide)s
 UNION ALL
SELECT 'owner', system_id, NULL FROM allowed WHERE codename = %(own)s AND system_id IS NOT NULL
 UNION ALL
SELECT 'desk', NULL, NULL
  FROM memberships JOIN auth_group ON auth_group.id = group_id WHERE auth_group.name = %(desk)s
""",
    any=ApprovalRule.Scope.ANY.value,
    assigned=ApprovalRule.Approver.ASSIGNED.value,
    decide=DECIDE,
    own=OWN,
)

_COUNT = """
SELECT count(*)
  FROM (SELECT 1 FROM access_requests_accessrequest
         WHERE status = %(pending)s AND requester_id <> %(person)s AND ({courts})
         LIMIT %(most)s) waiting
"""
_RULES = "(court = %(rule)s AND routed_rule_id = ANY(%(rules)s))"
_HERE = (
    "(court = %(rule)s AND routed_rule_id = ANY(%(rules_{0})s) AND organization_id = %(at_{0})s)"
)
_OWNED = "(court = %(owner)s AND system_id = ANY(%(systems)s))"
_DESK = "court = %(help_desk)s"


def rows_of(person_id: int, *, help_desk_group: str) -> list[tuple[Any, ...]]:
    """Return kind, rule or system, and organization of everything the person may decide by."""
    return _ROWS.rows({"person": person_id, "desk": help_desk_group})


def count_waiting(
    *,
    person_id: int,
    rules: Collection[int],
    rules_by_organization: Mapping[int, Collection[int]],
    owned_systems: Collection[int],
    is_help_desk: bool,
    most: int,
) -> int:
    """Return how many requests `routing.queue_of` would list for these powers, up to `most`.

    Every page of an approver shows the number, so it is not built through the ORM either.
    """
    values: dict[str, Any] = {"person": person_id, "most": most}
    if rules:
        values["rules"] = list(rules)
    for number, (organization, here) in enumerate(rules_by_organization.items()):
        values[f"rules_{number}"] = list(here)
        values[f"at_{number}"] = organization
    if owned_systems:
        values["systems"] = list(owned_systems)
    organizations = len(rules_by_organization)
    count = _count(bool(rules), organizations, bool(owned_systems), is_help_desk)
    return int(count.rows(values)[0][0]) if count else 0


@lru_cache(maxsize=64)
def _count(has_rules: bool, organizations: int, owns: bool, is_help_desk: bool) -> Statement | None:
    """Return the statement for somebody who sits in these courts, or None for none of them."""
    courts = (
        *((_RULES,) if has_rules else ()),
        *(_HERE.format(number) for number in range(organizations)),
        *((_OWNED,) if owns else ()),
        *((_DESK,) if is_help_desk else ()),
    )
    if not courts:
        return None
    return Statement.named(
        _COUNT.format(courts=" OR ".join(courts)),
        pending=Status.PENDING.value,
        rule=Court.RULE.value,
        owner=Court.OWNER.value,
        help_desk=Court.HELP_DESK.value,
    )
