"""Case numbers that survive being read out over the phone."""

import secrets

# Without 0 O D Q, 1 I L, 2 Z, 5 S, 8 B, U V, and letters that sound like a neighbour here.
ALPHABET = "34679ACEFHKMPRWXY"
GROUPS, LENGTH = 3, 4


def new() -> str:
    """A new number, such as ``4K7M-9RXA-HWE3``; it tells nothing and cannot be guessed."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH)) for _group in range(GROUPS)
    )


def normalise(typed: str) -> str:
    """The number as it is kept, from any way of writing it down; "" for what cannot be one."""
    letters = [char for char in typed.upper() if char.isascii() and char.isalnum()]
    if len(letters) != GROUPS * LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    whole = "".join(letters)
    return "-".join(whole[at : at + LENGTH] for at in range(0, len(whole), LENGTH))
