"""Mutants that change nothing anybody could notice, each with the reason.

A mutant is named by its function, the line it takes away and the line it puts there, so that the
list stays true when the code around it changes.
"""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "accounts.assurance.strength_of",
        'has_strong = bool(getattr(user, "has_strong_factor", False))',
        'has_strong = bool(getattr(user, "has_strong_factor", None))',
    ): "bool() makes False of both",
}
