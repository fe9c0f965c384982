"""Answers which roles nobody could ever approve, from the rules alone."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def unapprovable(ladders: Mapping[Key, Iterable[Key | None]]) -> set[Key]:
    """Return the roles whose ladders lead to nobody.

    `ladders` tells for each role in use who approves it: other roles, or None for people who are
    assigned. A role is approvable when one rung is assigned people, or an approvable role other
    than itself: somebody has to come first. So a ring of roles that only approve each other, a
    role approved by itself alone and a role approved by a retired one alone are all returned.
    """
    approvable: set[Key] = set()
    waiting = set(ladders)
    while True:
        found = {
            role
            for role in waiting
            if any(rung is None or rung in approvable for rung in ladders[role])
        }
        if not found:
            return waiting
        approvable |= found
        waiting -= found
