"""Shows of a residence as much as an agent needs to recognise it, and no more."""

from accounts.models import User

DOTS = "\N{BULLET}" * 3


def address(person: User) -> str:
    """Return town and state, and the beginning of the ZIP code."""
    if not person.city:
        return ""
    return f"{DOTS}, {person.city}, {person.state} {person.zip_code[:3]}{DOTS}"
