"""The shape of the delivered data, between its files and the tables."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where something stands in the data files; `line` counts from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """What is wrong with the data, and where."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class BrokenDataError(Exception):
    """The data files cannot be loaded; nothing of them was."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Anything that stands in a file; where it stands is no part of what it says."""

    place: Place = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class CategoryEntry(Entry):
    """A category; `order` is its position in the file."""

    id: str
    name: str
    order: int


@dataclass(frozen=True, kw_only=True)
class HelpDeskEntry(Entry):
    """A help desk of a system."""

    name: str
    phones: list[str]
    tty: str
    fax: str
    emails: list[str]
    hours: str
    web_address: str
    notes: str


@dataclass(frozen=True, kw_only=True)
class AttributeEntry(Entry):
    """A question that goes with a role."""

    id: str
    label: str
    kind: str
    required: bool
    help: str
    choices: list[str]
    pattern: str
    hint: str
    max_length: int
    may_be_new: bool


@dataclass(frozen=True, kw_only=True)
class RuleEntry(Entry):
    """A rung of a ladder; `role` is "system/role", or None for people who are assigned."""

    role: str | None
    scope: str


@dataclass(frozen=True, kw_only=True)
class RoleEntry(Entry):
    """A role; `order` is its position in its file."""

    system: str
    id: str
    name: str
    kind: str
    description: str
    identity_assurance: int
    sign_in_strength: int
    excludes: list[str]
    default: bool
    order: int
    attributes: list[AttributeEntry]
    approved_by: list[RuleEntry]

    @property
    def key(self) -> str:
        """The name by which rules refer to the role."""
        return f"{self.system}/{self.id}"


@dataclass(frozen=True, kw_only=True)
class SystemEntry(Entry):
    """A system with its help desks."""

    id: str
    acronym: str
    name: str
    synonyms: list[str]
    description: str
    category: str
    part_of: str
    web_address: str
    precondition: str
    reapply_wait_minutes: int
    default_identity_assurance: int
    default_sign_in_strength: int
    help_desks: list[HelpDeskEntry]


@dataclass
class Delivered:
    """All data files together."""

    categories: list[CategoryEntry] = field(default_factory=list)
    systems: list[SystemEntry] = field(default_factory=list)
    roles: list[RoleEntry] = field(default_factory=list)

    def roles_of(self, system_id: str) -> list[RoleEntry]:
        """Return the roles of a system in the order of the files."""
        return [role for role in self.roles if role.system == system_id]


def digest(*entries: Entry) -> str:
    """Return a fingerprint of what entries say, wherever they stand."""
    says = [_without_places(asdict(entry)) for entry in entries]
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_places(part) for key, part in value.items() if key != "place"}
    if isinstance(value, list):
        return [_without_places(part) for part in value]
    return value
