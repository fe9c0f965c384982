"""Builds organizations for tests."""

from itertools import count
from typing import Any

import clock
from accounts.text import key
from organizations.models import Organization

_numbers = count(1)


def make_organization(name: str = "", **fields: Any) -> Organization:
    """Save an active organization; without a name it gets one that nobody else has."""
    name = name or f"Organization {next(_numbers)}"
    return Organization.objects.create(
        name=name,
        name_key=key(name),
        **{
            "kind": Organization.Kind.ASSISTER,
            "city": "Baltimore",
            "state": "MD",
            "created_at": clock.now(),
            **fields,
        },
    )
