"""Checks what single entries cannot know: that ids are unique and references lead somewhere."""

from collections.abc import Iterable, Iterator

from catalog.ladders import unapprovable
from catalog.models import RoleAttribute
from catalog.services.delivered import Delivered, Entry, Problem, RoleEntry


def problems_of(delivered: Delivered) -> list[Problem]:
    """Return everything that is wrong between the entries."""
    return [
        *_duplicates(delivered),
        *_dangling_systems(delivered),
        *_rings_of_systems(delivered),
        *_role_references(delivered),
        *_attributes(delivered.roles),
        *_ladders(delivered.roles),
    ]


def _twice(entries: Iterable[tuple[str, Entry]], what: str) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for key, entry in entries:
        if key in first:
            yield Problem(entry.place, f'{what} "{key}" stands at {first[key].place} already')
        first.setdefault(key, entry)


def _duplicates(delivered: Delivered) -> Iterator[Problem]:
    categories = delivered.categories
    yield from _twice(((entry.id, entry) for entry in categories), "the category")
    yield from _twice(((entry.name, entry) for entry in categories), "the category name")
    yield from _twice(((entry.id, entry) for entry in delivered.systems), "the system")
    yield from _twice(((entry.key, entry) for entry in delivered.roles), "the role")
    for role in delivered.roles:
        yield from _twice(((entry.id, entry) for entry in role.attributes), "the attribute")


def _dangling_systems(delivered: Delivered) -> Iterator[Problem]:
    categories = {entry.id for entry in delivered.categories}
    systems = {entry.id for entry in delivered.systems}
    for system in delivered.systems:
        if system.category not in categories:
            yield Problem(system.place, f'there is no category "{system.category}"')
        if system.part_of and system.part_of not in systems:
            yield Problem(system.place, f'there is no system "{system.part_of}" to be part of')
    for role in delivered.roles:
        if role.system not in systems:
            yield Problem(role.place, f'there is no system "{role.system}"')


def _rings_of_systems(delivered: Delivered) -> Iterator[Problem]:
    parents = {entry.id: entry.part_of for entry in delivered.systems}
    for system in delivered.systems:
        seen, above = {system.id}, system.part_of
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == system.id:
            yield Problem(system.place, f'"{system.id}" is part of itself')


def _role_references(delivered: Delivered) -> Iterator[Problem]:
    keys = {role.key for role in delivered.roles}
    for role in delivered.roles:
        for other in role.excludes:
            if f"{role.system}/{other}" not in keys:
                yield Problem(role.place, f'there is no role "{other}" to be excluded')
            if other == role.id:
                yield Problem(role.place, "a role cannot exclude itself")
        for rule in role.approved_by:
            if rule.role is not None and rule.role not in keys:
                yield Problem(rule.place, f'there is no role "{rule.role}" to approve')
            if rule.role == role.key:
                yield Problem(rule.place, "a role cannot approve itself")


def _attributes(roles: Iterable[RoleEntry]) -> Iterator[Problem]:
    for role in roles:
        for attribute in role.attributes:
            is_choice = attribute.kind == RoleAttribute.Kind.CHOICE
            if is_choice != bool(attribute.choices):
                yield Problem(
                    attribute.place,
                    "choices belong to an attribute of the kind choice, and only there",
                )
            if attribute.may_be_new and attribute.kind != RoleAttribute.Kind.ORGANIZATION:
                yield Problem(attribute.place, "only an organization may be new")
        organizations = [a for a in role.attributes if a.kind == RoleAttribute.Kind.ORGANIZATION]
        if len(organizations) > 1:
            yield Problem(role.place, "a role is held for one organization, not for several")


def _ladders(roles: list[RoleEntry]) -> Iterator[Problem]:
    nobody = unapprovable({role.key: [rule.role for rule in role.approved_by] for role in roles})
    for role in roles:
        if role.key in nobody:
            yield Problem(role.place, f'nobody could ever approve the role "{role.key}"')
