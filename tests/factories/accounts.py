"""Builds people for tests."""

from itertools import count
from typing import Any

from django.contrib.auth.hashers import get_hasher, make_password

from accounts.data import rules_of_behavior
from accounts.models import TermsAcceptance, User

PASSWORD = "Lantern-Quay-2026"

_numbers = count(1)
_hashes: dict[tuple[str | None, str], str] = {}


def _hash_of(password: str) -> str:
    """The hash of a test password, computed once for each hasher that a test may have set."""
    key = (get_hasher().algorithm, password)
    if key not in _hashes:
        _hashes[key] = make_password(password)
    return _hashes[key]


def user(user_id: str = "", **fields: Any) -> User:
    """A saved, active person with PASSWORD; every field can be given."""
    number = next(_numbers)
    user_id = user_id or f"person.{number}"
    password = fields.pop("password", PASSWORD)
    values: dict[str, Any] = {
        "first_name": "Pat",
        "last_name": f"Person{number}",
        "email": f"{user_id}@people.example",
        **fields,
    }
    person = User(user_id=user_id, password=_hash_of(password), **values)
    person.clean()
    person.save()
    return person


def accept_rules(person: User) -> User:
    """The same person, who has accepted the Rules of Behavior now."""
    TermsAcceptance.objects.create(
        user=person,
        document=TermsAcceptance.Document.RULES_OF_BEHAVIOR,
        version=rules_of_behavior.VERSION,
    )
    return person


def strong(person: User) -> User:
    """The same person with a strong second factor, as the row tells it; see ``devices`` for one."""
    person.has_mfa = person.has_strong_factor = True
    person.save(update_fields=["has_mfa", "has_strong_factor"])
    return person
