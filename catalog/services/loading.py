"""Brings the tables in step with the delivered data, without touching what was made by hand.

Each delivered entry (a category; a system with its help desks and roles) leaves its fingerprint
in the table. As long as the entry in the files says the same, the row is left alone, so an edit
in the administration holds. When the entry changes, the file wins, and the log shows what it
replaced. What is gone from the files is retired, never deleted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from audit.events import Event, record_many
from catalog.audit_tags import Tag
from catalog.models import Category, Role, System
from catalog.services import loading_checks
from catalog.services.as_data import (
    Data,
    differences,
    of_role,
    of_role_entry,
    of_system,
    of_system_entry,
)
from catalog.services.delivered import CategoryEntry, Delivered, SystemEntry, digest
from catalog.services.loading_parts import (
    write_exclusions,
    write_help_desks,
    write_ladders,
    write_roles,
)

RETIRED = "retired"


@dataclass
class Outcome:
    """What a load did, in numbers."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Say that everything stood in the tables already."""
        return not (self.created or self.changed or self.retired)


@transaction.atomic
def load(*, delivered: Delivered, restore: bool = False) -> Outcome:
    """Write what changed since the last load, all of it or nothing.

    With `restore` every delivered entry is written again, over edits made by hand. Two loads at
    once wait for each other. Raises BrokenDataError when an entry has the id of something made
    by hand.
    """
    _one_at_a_time()
    loading_checks.refuse_ids_taken_by_hand(delivered)
    events: list[Event] = []
    categories = _load_categories(delivered.categories, events, restore=restore)
    due = _due(delivered, restore=restore)
    if due:
        _load_systems(delivered, due, categories, events)
    _retire(delivered, events)
    record_many(events)
    counts = Counter(str(event.tag).partition(":")[2] for event in events)
    return Outcome(
        created=counts["create"],
        changed=counts["change"],
        retired=counts["retire"],
        totals={
            "categories": len(delivered.categories),
            "systems": len(delivered.systems),
            "roles": len(delivered.roles),
        },
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.load'))")


def _load_categories(
    entries: Iterable[CategoryEntry], events: list[Event], *, restore: bool
) -> dict[str, Category]:
    known = {category.slug: category for category in Category.objects.all()}
    for entry in entries:
        fingerprint = digest(entry)
        category = known.get(entry.id)
        if category is not None and category.delivered_digest == fingerprint and not restore:
            continue
        before = {"name": category.name, "order": category.order} if category else None
        category = category or Category(slug=entry.id)
        category.name, category.order = entry.name, entry.order
        category.delivered_digest = fingerprint
        category.save()
        known[entry.id] = category
        _note(
            events,
            category,
            (Tag.CATEGORY_CREATE, Tag.CATEGORY_CHANGE),
            before,
            {"name": entry.name, "order": entry.order},
        )
    return known


def _due(delivered: Delivered, *, restore: bool) -> dict[str, SystemEntry]:
    """Return the entries that say something else than at the last load."""
    fingerprints = dict(System.objects.values_list("slug", "delivered_digest"))
    return {
        entry.id: entry
        for entry in delivered.systems
        if restore or fingerprints.get(entry.id) != _fingerprint(delivered, entry)
    }


def _fingerprint(delivered: Delivered, entry: SystemEntry) -> str:
    return digest(entry, *delivered.roles_of(entry.id))


def _load_systems(
    delivered: Delivered,
    due: dict[str, SystemEntry],
    categories: dict[str, Category],
    events: list[Event],
) -> None:
    known = {
        system.slug: system
        for system in System.objects.filter(slug__in=due)
        .select_related("category", "parent")
        .prefetch_related("help_desks")
    }
    before = {slug: of_system(system) for slug, system in known.items()}
    roles_before = _roles_before(known.values())
    systems = {slug: known.get(slug) or System(slug=slug) for slug in due}
    for slug, entry in due.items():
        _fill(systems[slug], entry, categories[entry.category])
        systems[slug].delivered_digest = _fingerprint(delivered, entry)
        systems[slug].save()
    _place(systems, due)
    write_help_desks(systems, due)
    entries = [role for role in delivered.roles if role.system in due]
    roles = write_roles(systems, entries)
    write_ladders(roles, entries)
    write_exclusions(roles, entries)
    for slug, entry in due.items():
        tags = (Tag.SYSTEM_CREATE, Tag.SYSTEM_CHANGE)
        _note(events, systems[slug], tags, before.get(slug), of_system_entry(entry))
    for role in entries:
        _note(
            events,
            roles[role.key],
            (Tag.ROLE_CREATE, Tag.ROLE_CHANGE),
            roles_before.get(role.key),
            of_role_entry(role),
        )
    _retire_roles(systems, set(roles), events)


def _roles_before(systems: Iterable[System]) -> dict[str, Data]:
    roles = (
        Role.objects.filter(system__in=list(systems))
        .select_related("system")
        .prefetch_related("attributes", "excludes", "approval_rules__approver_role__system")
    )
    return {f"{role.system.slug}/{role.code}": of_role(role) for role in roles}


def _fill(system: System, entry: SystemEntry, category: Category) -> None:
    system.acronym = entry.acronym
    system.name = entry.name
    system.synonyms = ", ".join(entry.synonyms)
    system.description = entry.description
    system.category = category
    system.web_address = entry.web_address
    system.precondition = entry.precondition
    system.reapply_wait_minutes = entry.reapply_wait_minutes
    system.is_active = True


def _place(systems: dict[str, System], due: dict[str, SystemEntry]) -> None:
    """Say what each system is part of, once all of them have a row."""
    above = {entry.part_of for entry in due.values() if entry.part_of} - systems.keys()
    parents = {system.slug: system for system in System.objects.filter(slug__in=above)} | systems
    for slug, entry in due.items():
        parent = parents[entry.part_of] if entry.part_of else None
        if systems[slug].parent_id != (parent.pk if parent else None):
            systems[slug].parent = parent
            systems[slug].save(update_fields=["parent"])


def _retire_roles(systems: dict[str, System], kept: set[str], events: list[Event]) -> None:
    gone = Role.objects.filter(
        system__in=list(systems.values()), is_delivered=True, is_active=True
    ).select_related("system")
    for role in gone:
        if f"{role.system.slug}/{role.code}" not in kept:
            role.is_active = False
            role.save(update_fields=["is_active"])
            events.append(_retirement(Tag.ROLE_RETIRE, role))


def _retire(delivered: Delivered, events: list[Event]) -> None:
    """Take what is gone from the files out of the catalog; people keep what they hold in it."""
    gone = System.objects.exclude(slug__in=[entry.id for entry in delivered.systems]).exclude(
        delivered_digest__in=["", RETIRED]
    )
    for system in gone:
        was_active, system.is_active = system.is_active, False
        system.delivered_digest = RETIRED
        system.save(update_fields=["is_active", "delivered_digest"])
        if was_active:
            events.append(_retirement(Tag.SYSTEM_RETIRE, system))


def _retirement(tag: Tag, target: System | Role) -> Event:
    return Event(
        tag=tag, actor=None, target=target, before={"is_active": True}, after={"is_active": False}
    )


def _note(
    events: list[Event],
    target: Category | System | Role,
    tags: tuple[Tag, Tag],
    before: Data | None,
    after: Data,
) -> None:
    """Remember one event for one object, unless nothing changed."""
    create, change = tags
    if before is None:
        events.append(Event(tag=create, actor=None, target=target, after=after))
        return
    old, new = differences(before, after)
    if new:
        events.append(Event(tag=change, actor=None, target=target, before=old, after=new))
