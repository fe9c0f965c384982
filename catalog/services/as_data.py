"""Says what stands in the tables in the vocabulary of the data files, to compare and to record."""

from typing import Any

from catalog.models import HelpDesk, Role, System
from catalog.services.delivered import RoleEntry, SystemEntry

Data = dict[str, Any]


def of_system_entry(entry: SystemEntry) -> Data:
    """Return what an entry says about a system."""
    return {
        "acronym": entry.acronym,
        "name": entry.name,
        "synonyms": entry.synonyms,
        "description": entry.description,
        "category": entry.category,
        "part_of": entry.part_of,
        "web_address": entry.web_address,
        "precondition": entry.precondition,
        "reapply_wait_minutes": entry.reapply_wait_minutes,
        "is_active": True,
        "help_desks": [
            {
                "name": desk.name,
                "phones": desk.phones,
                "tty": desk.tty,
                "fax": desk.fax,
                "emails": desk.emails,
                "hours": desk.hours,
                "web_address": desk.web_address,
                "notes": desk.notes,
            }
            for desk in entry.help_desks
        ],
    }


def of_system(system: System) -> Data:
    """Return what the tables say about a system; reads category, parent and help desks."""
    return {
        "acronym": system.acronym,
        "name": system.name,
        "synonyms": split(system.synonyms),
        "description": system.description,
        "category": system.category.slug,
        "part_of": system.parent.slug if system.parent else "",
        "web_address": system.web_address,
        "precondition": system.precondition,
        "reapply_wait_minutes": system.reapply_wait_minutes,
        "is_active": system.is_active,
        "help_desks": [_of_help_desk(desk) for desk in system.help_desks.all()],
    }


def of_role_entry(entry: RoleEntry) -> Data:
    """Return what an entry says about a role."""
    return {
        "name": entry.name,
        "kind": entry.kind,
        "description": entry.description,
        "identity_assurance": entry.identity_assurance,
        "sign_in_strength": entry.sign_in_strength,
        "default": entry.default,
        "order": entry.order,
        "is_active": True,
        "excludes": sorted(entry.excludes),
        "attributes": [
            {
                "id": attribute.id,
                "label": attribute.label,
                "kind": attribute.kind,
                "required": attribute.required,
                "help": attribute.help,
                "choices": attribute.choices,
                "pattern": attribute.pattern,
                "hint": attribute.hint,
                "max_length": attribute.max_length,
                "may_be_new": attribute.may_be_new,
            }
            for attribute in entry.attributes
        ],
        "approved_by": [{"role": rule.role, "scope": rule.scope} for rule in entry.approved_by],
    }


def of_role(role: Role) -> Data:
    """Return what the tables say about a role; reads its attributes, rules and exclusions."""
    return {
        "name": role.name,
        "kind": role.kind,
        "description": role.description,
        "identity_assurance": role.required_ial,
        "sign_in_strength": role.required_aal,
        "default": role.is_default,
        "order": role.order,
        "is_active": role.is_active,
        "excludes": sorted(other.code for other in role.excludes.all()),
        "attributes": [
            {
                "id": attribute.code,
                "label": attribute.label,
                "kind": attribute.kind,
                "required": attribute.required,
                "help": attribute.help_text,
                "choices": attribute.choices,
                "pattern": attribute.pattern,
                "hint": attribute.pattern_hint,
                "max_length": attribute.max_length,
                "may_be_new": attribute.may_be_new,
            }
            for attribute in role.attributes.all()
        ],
        "approved_by": [
            {
                "role": (
                    f"{rule.approver_role.system.slug}/{rule.approver_role.code}"
                    if rule.approver_role
                    else None
                ),
                "scope": rule.scope,
            }
            for rule in role.approval_rules.all()
        ],
    }


def split(synonyms: str) -> list[str]:
    """Return the names in a text that separates them by commas."""
    return [name.strip() for name in synonyms.split(",") if name.strip()]


def differences(before: Data, after: Data) -> tuple[Data, Data]:
    """Return the two sides, each with only what differs."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _of_help_desk(desk: HelpDesk) -> Data:
    return {
        "name": desk.name,
        "phones": desk.phones,
        "tty": desk.tty,
        "fax": desk.fax,
        "emails": desk.emails,
        "hours": desk.hours,
        "web_address": desk.web_address,
        "notes": desk.notes,
    }
