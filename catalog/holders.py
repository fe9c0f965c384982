"""Whether somebody holds a role; the room above, which keeps what is held, says so."""

from collections.abc import Callable

from accounts.models import User
from catalog.models import Role

_Answer = Callable[[User, Role], bool]
_answers: list[_Answer] = []


def register(answer: _Answer) -> None:
    """Let ``answer(person, role)`` say whether a person holds a role at present."""
    _answers.append(answer)


def holds(person: User, role: Role) -> bool:
    """Tell whether a person holds a role at present."""
    return any(answer(person, role) for answer in _answers)
