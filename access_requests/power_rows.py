"""Asks the database what a person may decide, by one statement that every approver's page runs.

Written as SQL because the same union through the ORM joined 45 tables: five milliseconds to build
and five more to plan, where this takes one. `tests/integration/access_requests/test_routing.py`
holds it against the other direction, from a request to its people.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from access_requests.models.requests import Court, Status
from catalog.models import ApprovalRule

DECIDE = "decide_requests"
OWN = "own_system"

RULE, HERE, OWNER, DESK = "rule", "here", "owner", "desk"

# Each row: a kind, its rule or system, and for HERE the organization the rule is good for.
_ROWS = """
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
  JOIN catalog_approvalrule rule ON rule.approver_role_id = held.role_id
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
"""

_COUNT = """
SELECT count(*)
  FROM (SELECT 1 FROM access_requests_accessrequest
         WHERE status = %s AND requester_id <> %s AND (({courts})) LIMIT %s) waiting
"""


def rows_of(person_id: int, *, help_desk_group: str) -> list[tuple[str, int, int]]:
    """Return kind, rule or system, and organization of everything the person may decide by."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "person": person_id,
                "any": ApprovalRule.Scope.ANY.value,
                "assigned": ApprovalRule.Approver.ASSIGNED.value,
                "decide": DECIDE,
                "own": OWN,
                "desk": help_desk_group,
            },
        )
        rows: list[tuple[str, int, int]] = cursor.fetchall()
    return rows


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
    courts: list[str] = []
    values: list[Any] = [Status.PENDING.value, person_id]

    def either(condition: str, *given: Any) -> None:
        courts.append(condition)
        values.extend(given)

    if rules:
        either("court = %s AND routed_rule_id = ANY(%s)", Court.RULE.value, list(rules))
    for organization, here in rules_by_organization.items():
        either(
            "court = %s AND routed_rule_id = ANY(%s) AND organization_id = %s",
            *(Court.RULE.value, list(here), organization),
        )
    if owned_systems:
        either("court = %s AND system_id = ANY(%s)", Court.OWNER.value, list(owned_systems))
    if is_help_desk:
        either("court = %s", Court.HELP_DESK.value)
    if not courts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(courts=") OR (".join(courts)), [*values, most])
        (count,) = cursor.fetchone()
    return int(count)
