"""Refuses delivered entries that would take over something made by hand."""

from collections.abc import Iterator

from catalog.models import Category, Role, System
from catalog.services.delivered import BrokenDataError, Delivered, Problem


def refuse_ids_taken_by_hand(delivered: Delivered) -> None:
    """Raise BrokenDataError when an id or a category's name belongs to something made by hand."""
    problems = [*_categories(delivered), *_systems(delivered), *_roles(delivered)]
    if problems:
        raise BrokenDataError(problems)


def _categories(delivered: Delivered) -> Iterator[Problem]:
    by_hand = Category.objects.filter(delivered_digest="").values_list("slug", "name")
    slugs = {slug for slug, _name in by_hand}
    names = {name for _slug, name in by_hand}
    for entry in delivered.categories:
        if entry.id in slugs or entry.name in names:
            yield Problem(
                entry.place, f'the category "{entry.name}" was made by hand already; rename one'
            )


def _systems(delivered: Delivered) -> Iterator[Problem]:
    by_hand = set(System.objects.filter(delivered_digest="").values_list("slug", flat=True))
    for entry in delivered.systems:
        if entry.id in by_hand:
            yield Problem(
                entry.place, f'the system "{entry.id}" was made by hand already; rename one'
            )


def _roles(delivered: Delivered) -> Iterator[Problem]:
    by_hand = set(
        Role.objects.filter(is_delivered=False)
        .exclude(system__delivered_digest="")
        .values_list("system__slug", "code")
    )
    for entry in delivered.roles:
        if (entry.system, entry.id) in by_hand:
            yield Problem(
                entry.place, f'the role "{entry.key}" was made by hand already; rename one'
            )
