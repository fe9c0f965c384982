"""Orders the systems of the catalog for the help center."""

from dataclasses import dataclass
from itertools import groupby

from catalog.models import Category, System

# Names of catalog categories behind the two tabs of the header.
QUALITY_IMPROVEMENT = ("Quality reporting", "Innovation Center models")
PROVIDER_RESOURCES = (
    "Medicare fee-for-service and provider portals",
    "Program integrity and enrollment",
    "DMEPOS bidding",
    "Transparency and HIPAA",
)


@dataclass(frozen=True)
class Group:
    """Systems under one heading; `anchor` is its id in the page."""

    heading: str
    anchor: str
    systems: list[System]


def by_letter() -> list[Group]:
    """Return every listed system with its help desks, grouped by first letter (two queries)."""
    systems = sorted(
        System.objects.listed().prefetch_related("help_desks"),
        key=lambda system: title(system).casefold(),
    )
    return [
        Group(heading=letter, anchor=f"letter-{letter.lower()}", systems=list(members))
        for letter, members in groupby(systems, key=lambda system: title(system)[0].upper())
    ]


def by_category(names: tuple[str, ...]) -> list[Group]:
    """Return the listed systems of these categories, in the order of `names`."""
    categories = {category.name: category for category in Category.objects.filter(name__in=names)}
    systems = list(
        System.objects.listed()
        .filter(category__in=categories.values())
        .prefetch_related("help_desks")
        .order_by("name")
    )
    groups = []
    for name in names:
        category = categories.get(name)
        members = [system for system in systems if category and system.category_id == category.pk]
        if category and members:
            groups.append(Group(heading=category.name, anchor=category.slug, systems=members))
    return groups


def title(system: System) -> str:
    """Return what people call the system: the short name if it has one, else the name."""
    return system.acronym or system.name
