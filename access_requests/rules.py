"""Which systems' own rules a person has to accept: those of the systems with a role in force."""

from access_requests.models import Grant
from accounts.models import User


def of_systems(user: User) -> set[str]:
    """The short names of the systems in which the person holds a role; one query."""
    held = Grant.objects.active().filter(person=user)
    return set(held.values_list("role__system__slug", flat=True))
