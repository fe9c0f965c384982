"""Says where QualityNet leads on to: names from support/data/destinations.yaml, and the catalog."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from catalog.models import System

DATA = Path(__file__).parent / "data" / "destinations.yaml"


@dataclass(frozen=True)
class Written:
    """A destination as the file has it; `system` is an id of the catalog, or empty."""

    name: str
    system: str = ""


@dataclass(frozen=True)
class Destination:
    """A destination as the page shows it; without a `slug` the catalog has no such system."""

    name: str
    slug: str = ""


@dataclass(frozen=True)
class Choice:
    """What somebody chooses from."""

    services: list[Destination]
    programs: list[Destination]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose, for the catalog has none of them."""
        return not any(destination.slug for destination in (*self.services, *self.programs))


@cache
def _written() -> dict[str, list[Written]]:
    content = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return {key: [Written(**fields) for fields in entries] for key, entries in content.items()}


def choice() -> Choice:
    """Return every destination in the order of the file (one query)."""
    written = _written()
    slugs = {entry.system for entries in written.values() for entry in entries if entry.system}
    names = dict(System.objects.listed().filter(slug__in=slugs).values_list("slug", "name"))
    shown = {key: [_shown(entry, names) for entry in entries] for key, entries in written.items()}
    return Choice(services=shown["services"], programs=shown["programs"])


def _shown(entry: Written, names: dict[str, str]) -> Destination:
    if entry.system in names:
        return Destination(name=names[entry.system], slug=entry.system)
    return Destination(name=entry.name)


def system_of(slug: str) -> System | None:
    """Return the listed system behind a destination, or None where there is none."""
    if not any(slug == entry.system for entries in _written().values() for entry in entries):
        return None
    return System.objects.listed().only("slug").filter(slug=slug).first()
