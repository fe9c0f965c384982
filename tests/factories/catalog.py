"""Builds systems, roles, rules and help desks for tests."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from catalog.models import ApprovalRule, Category, HelpDesk, Role, RoleAttribute, System

_numbers = count(1)


def make_category(name: str = "Collaboration", **fields: Any) -> Category:
    """Save a category, or return the one of this name."""
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Category.objects.get_or_create(name=name, defaults={"slug": slug, **fields})[0]


def make_system(acronym: str | None = None, **fields: Any) -> System:
    """Save a listed system without roles; an acronym of "" is none."""
    number = next(_numbers)
    acronym = f"SYS{number}" if acronym is None else acronym
    return System.objects.create(
        **{
            "slug": acronym.lower().replace(" ", "-").replace("/", "-"),
            "acronym": acronym,
            "name": f"System number {number}",
            "description": "Answers questions of people outside the agency.",
            "category": fields.pop("category", None) or make_category(),
            **fields,
        },
    )


def make_help_desk(system: System, **fields: Any) -> HelpDesk:
    """Save a help desk with one phone and one address."""
    return HelpDesk.objects.create(
        system=system,
        **{
            "name": f"{system.acronym} Help Desk",
            "phones": ["1 (800) 555-0100"],
            "emails": ["help@desk.example"],
            **fields,
        },
    )


def make_role(
    system: System | None = None,
    code: str = "",
    *,
    approvers: Sequence[Role | tuple[Role, ApprovalRule.Scope] | None] = (None,),
    **fields: Any,
) -> Role:
    """Save a role with its ladder.

    Each of `approvers`, in order, is a role, a role with a scope, or None for "assigned".
    """
    number = next(_numbers)
    code = code or f"role-{number}"
    role = Role.objects.create(
        system=system or make_system(),
        code=code,
        **{"name": code.replace("-", " ").capitalize(), "order": number % 1000, **fields},
    )
    ApprovalRule.objects.bulk_create(
        _rule(role, approver, order=order) for order, approver in enumerate(approvers, start=1)
    )
    return role


def make_rule(
    role: Role, approver: Role | tuple[Role, ApprovalRule.Scope] | None, *, order: int = 1
) -> ApprovalRule:
    """Save one rung of the ladder of `role`; None stands for people who are assigned."""
    rule = _rule(role, approver, order=order)
    rule.save(force_insert=True)
    return rule


def _rule(
    role: Role, approver: Role | tuple[Role, ApprovalRule.Scope] | None, *, order: int
) -> ApprovalRule:
    approver_role, scope = (
        approver if isinstance(approver, tuple) else (approver, ApprovalRule.Scope.ANY)
    )
    return ApprovalRule(
        role=role,
        order=order,
        approver=(
            ApprovalRule.Approver.ASSIGNED if approver_role is None else ApprovalRule.Approver.ROLE
        ),
        approver_role=approver_role,
        scope=scope,
    )


def make_attribute(role: Role, code: str = "organization", **fields: Any) -> RoleAttribute:
    """Save a question of the role; without more it asks for the organization."""
    kind = RoleAttribute.Kind
    return RoleAttribute.objects.create(
        role=role,
        code=code,
        **{
            "label": code.replace("-", " ").capitalize(),
            "kind": kind.ORGANIZATION if code == "organization" else kind.TEXT,
            **fields,
        },
    )


def make_zone() -> dict[str, Role]:
    """Save zONE with the five roles, rules and questions of the delivered data, by code."""
    system = make_system("zONE", slug="zone", name="Opportunity to Network and Engage")
    same = ApprovalRule.Scope.SAME_ORGANIZATION
    kinds = Role.Kind
    owner = make_role(
        system, "business-owner", name="zONE Business Owner", kind=kinds.BUSINESS_OWNER, order=5
    )
    cms = make_role(
        system,
        "cms-approver",
        name="CMS zONE Approver",
        kind=kinds.APPROVER,
        approvers=[owner],
        order=4,
    )
    external = make_role(
        system,
        "external-approver",
        name="zONE External Approver",
        kind=kinds.APPROVER,
        approvers=[cms, owner],
        order=2,
    )
    help_desk = make_role(
        system,
        "helpdesk",
        name="zONE Helpdesk",
        kind=kinds.HELP_DESK,
        approvers=[owner],
        order=3,
    )
    end_user = make_role(
        system,
        "end-user",
        name="zONE End User",
        approvers=[(external, same), cms, owner],
        order=1,
    )
    help_desk.excludes.set([owner, cms, external, end_user])
    make_attribute(end_user, "organization", order=1)
    make_attribute(end_user, "navigator-or-cac-id", label="Navigator or CAC ID", order=2)
    make_attribute(external, "organization", order=1)
    return {role.code: role for role in (end_user, external, help_desk, cms, owner)}
