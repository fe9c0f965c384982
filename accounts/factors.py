"""What a second factor leaves behind once it was judged right."""

from dataclasses import dataclass

from accounts.assurance import Strength


@dataclass(frozen=True)
class Factor:
    """The second factor somebody used: its kind, its device when it is one, and its strength."""

    kind: str
    strength: Strength
    device_id: int | None = None


NO_FACTOR = Factor("", Strength.NONE)
