"""Shows of a person as much as an agent needs to recognise them, and no more."""

import re

from accounts.models import User

DOTS = "\N{BULLET}" * 3
# Tracking numbers of requests, and the numbers of cases such as ``4K7M-9RXA-HWE3``.
_NUMBER = re.compile(r"\b(?:\d{9,10}|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){1,2})\b")


def address(person: User) -> str:
    """Return town and state, and the beginning of the ZIP code."""
    if not person.city:
        return ""
    return f"{DOTS}, {person.city}, {person.state} {person.zip_code[:3]}{DOTS}"


def user_id(whole: str) -> str:
    """Return the first two letters, for lists that are shown without a reason."""
    return f"{whole[:2]}{DOTS}"


def numbers(text: str) -> str:
    """Return a text without the numbers by which a request or a case is looked up."""
    return _NUMBER.sub(DOTS, text)
