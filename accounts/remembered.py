"""Small facts about visitors, kept in the cache for a while and read together, once a page.

Rooms above name their facts when they start. The session reads the facts of its person with its
own last activity, so that a page asks the cache once for all of them. Whatever is kept here has
to be found out again when it is not there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache

from accounts.models import User

_SECONDS: dict[str, int] = {}
_READ = "_remembered"


def register(name: str, *, seconds: int) -> None:
    """Name a fact, and how long it may be remembered. Raises ValueError for a name in use."""
    if _SECONDS.setdefault(name, seconds) != seconds:
        raise ValueError(f"{name} is remembered for {_SECONDS[name]} seconds already")


def keys_of(person_id: int | str) -> dict[str, str]:
    """Return the cache's key of every fact about a person."""
    return {name: _key(name, person_id) for name in _SECONDS}


def attach(user: User, found: Mapping[str, Any]) -> None:
    """Give a visitor's user object the facts that were read for it, by the keys above."""
    facts = {name: found[key] for name, key in keys_of(user.pk).items() if key in found}
    setattr(user, _READ, facts)


def recall(user: User, name: str) -> Any:
    """Return what is remembered, or None; asks the cache only when nothing was read before."""
    if not hasattr(user, _READ):
        attach(user, cache.get_many(keys_of(user.pk).values()))
    return getattr(user, _READ).get(name)


def ask(user: User, name: str, find: Callable[[User], bool]) -> bool:
    """Return a fact that is remembered, or find it out and remember it."""
    answer = recall(user, name)
    if answer is None:
        answer = find(user)
        keep(user, name, answer)
    return bool(answer)


def keep(user: User, name: str, value: Any) -> None:
    """Remember a fact that was just found out."""
    cache.set(_key(name, user.pk), value, _SECONDS[name])


def forget(person_id: int, name: str) -> None:
    """Forget a fact at once."""
    cache.delete(_key(name, person_id))


def _key(name: str, person_id: int | str) -> str:
    return f"remembered:{name}:{person_id}"
