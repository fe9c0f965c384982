"""Reads whom to ask about the portal as a whole from support/data/contacts.yaml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data" / "contacts.yaml"


@dataclass(frozen=True)
class Desk:
    """How to reach a desk, with the names that components/help_desk.html reads."""

    name: str
    phones: list[str]
    emails: list[str]


@cache
def desks() -> dict[str, Desk]:
    """Return the desks by their key. Raises TypeError for a key that a desk does not have."""
    content = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return {key: Desk(**fields) for key, fields in content.items()}
