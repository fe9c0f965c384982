"""What a policy answers, and the typed error a refused verdict becomes."""

from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Something was asked for that a rule forbids; ``reason`` is a code with a label."""

    def __init__(self, reason: str) -> None:
        super().__init__(str(reason))
        self.reason = reason

    @property
    def label(self) -> str:
        """The sentence for the person, which also says what to do."""
        return str(getattr(self.reason, "label", self.reason))


@dataclass(frozen=True)
class Verdict:
    """The answer of a policy: allowed, or refused for one reason."""

    allowed: bool
    reason: str | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Raise ``Refusal`` unless allowed."""
        if not self.allowed:
            raise Refusal(self.reason or "")


ALLOWED = Verdict(allowed=True)


def refused(reason: str) -> Verdict:
    """A refusal for one reason, normally a member of the room's ``TextChoices``."""
    return Verdict(allowed=False, reason=reason)
