"""Writes the parts of delivered systems: help desks, roles, attributes, rules, exclusions."""

from collections.abc import Iterable

from catalog.models import ApprovalRule, HelpDesk, Role, RoleAttribute, System
from catalog.services.delivered import AttributeEntry, RoleEntry, RuleEntry, SystemEntry

Roles = dict[str, Role]


def write_help_desks(systems: dict[str, System], due: dict[str, SystemEntry]) -> None:
    """Replace the help desks of systems by those of their entries."""
    HelpDesk.objects.filter(system__in=list(systems.values())).delete()
    HelpDesk.objects.bulk_create(
        HelpDesk(
            system=systems[slug],
            order=order,
            name=desk.name,
            phones=desk.phones,
            tty=desk.tty,
            fax=desk.fax,
            emails=desk.emails,
            hours=desk.hours,
            web_address=desk.web_address,
            notes=desk.notes,
        )
        for slug, entry in due.items()
        for order, desk in enumerate(entry.help_desks, start=1)
    )


def write_roles(systems: dict[str, System], entries: Iterable[RoleEntry]) -> Roles:
    """Write the roles of entries with their attributes; return them by key."""
    known = {
        f"{role.system.slug}/{role.code}": role
        for role in Role.objects.filter(system__in=list(systems.values())).select_related("system")
    }
    roles = {
        entry.key: known.get(entry.key) or Role(system=systems[entry.system], code=entry.id)
        for entry in entries
    }
    for entry in entries:
        _fill(roles[entry.key], entry)
    Role.objects.bulk_create(role for role in roles.values() if role.pk is None)
    Role.objects.bulk_update(
        known.values(),
        [
            "name", "kind", "description", "required_ial", "required_aal", "is_default",
            "is_delivered", "is_active", "order",
        ],
    )  # fmt: skip
    for entry in entries:
        if entry.attributes or entry.key in known:
            _write_attributes(roles[entry.key], entry.attributes)
    return roles


def _fill(role: Role, entry: RoleEntry) -> None:
    role.name = entry.name
    role.kind = entry.kind
    role.description = entry.description
    role.required_ial = entry.identity_assurance
    role.required_aal = entry.sign_in_strength
    role.is_default = entry.default
    role.is_delivered = True
    role.is_active = True
    role.order = entry.order


def _write_attributes(role: Role, entries: list[AttributeEntry]) -> None:
    role.attributes.exclude(code__in=[entry.id for entry in entries]).delete()
    for order, entry in enumerate(entries, start=1):
        RoleAttribute.objects.update_or_create(
            role=role,
            code=entry.id,
            defaults={
                "order": order,
                "label": entry.label,
                "kind": entry.kind,
                "required": entry.required,
                "help_text": entry.help,
                "choices": entry.choices,
                "pattern": entry.pattern,
                "pattern_hint": entry.hint,
                "max_length": entry.max_length,
                "may_be_new": entry.may_be_new,
            },
        )


def write_ladders(roles: Roles, entries: Iterable[RoleEntry]) -> None:
    """Write who approves each role, keeping the row of a rung, to which requests may point."""
    approvers = roles | _other_approvers(roles, entries)
    rungs: dict[tuple[int, int], ApprovalRule] = {
        (rule.role_id, rule.order): rule
        for rule in ApprovalRule.objects.filter(role__in=list(roles.values()))
    }
    new: list[ApprovalRule] = []
    changed: list[ApprovalRule] = []
    for entry in entries:
        for order, rule in enumerate(entry.approved_by, start=1):
            rung = rungs.pop((roles[entry.key].pk, order), None)
            (changed if rung else new).append(
                _filled(rung or ApprovalRule(role=roles[entry.key], order=order), rule, approvers)
            )
    ApprovalRule.objects.filter(pk__in=[rung.pk for rung in rungs.values()]).delete()
    ApprovalRule.objects.bulk_create(new)
    ApprovalRule.objects.bulk_update(changed, ["approver", "approver_role", "scope"])


def _other_approvers(roles: Roles, entries: Iterable[RoleEntry]) -> Roles:
    """Return the roles of systems not due that approve roles of systems that are."""
    named = {rule.role for entry in entries for rule in entry.approved_by if rule.role}
    slugs = {key.partition("/")[0] for key in named - roles.keys()}
    found = Role.objects.filter(system__slug__in=slugs).select_related("system") if slugs else []
    return {f"{role.system.slug}/{role.code}": role for role in found}


def _filled(rung: ApprovalRule, entry: RuleEntry, approvers: Roles) -> ApprovalRule:
    assigned = entry.role is None
    rung.approver = ApprovalRule.Approver.ASSIGNED if assigned else ApprovalRule.Approver.ROLE
    rung.approver_role = approvers[entry.role] if entry.role is not None else None
    rung.scope = entry.scope
    return rung


def write_exclusions(roles: Roles, entries: Iterable[RoleEntry]) -> None:
    """Write which roles cannot be held together."""
    held = {
        role.pk: {other.pk for other in role.excludes.all()}
        for role in Role.objects.filter(
            pk__in=[role.pk for role in roles.values()]
        ).prefetch_related("excludes")
    }
    for entry in entries:
        role = roles[entry.key]
        wanted = {roles[f"{entry.system}/{code}"].pk for code in entry.excludes}
        if held[role.pk] != wanted:
            role.excludes.set(wanted)
