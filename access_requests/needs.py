"""Whose work in this room demands a strong second factor."""

from django.db.models import Q

from access_requests import policies, routing
from access_requests.models import Grant
from accounts.assurance import AAL, IAL
from accounts.models import User
from catalog.models import SystemUserObjectPermission


def works_with_strong_factor(user: User) -> bool:
    """Whether the person decides, serves, reads everything, or holds a role that demands more.

    A few statements; asked when devices change and when somebody signs in again, never by pages.
    """
    return (
        bool(routing.powers_of(user))
        or user.has_perm(policies.READ_LOG)
        or user.has_perm(policies.REVOKE)
        or SystemUserObjectPermission.objects.filter(user=user).exists()
        or Grant.objects.active()
        .filter(person=user)
        .filter(Q(role__required_ial__gte=IAL.PROOFED) | Q(role__required_aal__gte=AAL.TWO_FACTORS))
        .exists()
    )
