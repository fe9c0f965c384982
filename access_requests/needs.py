"""What second factor the roles and the work of this room demand, and who still lacks it.

Who decides, owns or serves, and who holds a role that needs a proven identity, needs a strong
device; a role that demands two factors opens nothing before its holder has any device.
"""

from typing import Any

from access_requests import policies, routing
from access_requests.models import Grant
from accounts.assurance import AAL, IAL, Strength
from accounts.models import User
from catalog.models import ApprovalRule, Role, SystemUserObjectPermission

# Roles that carry a right to look at or decide about others, whether or not a rule names them.
_WORKING = frozenset(kind.value for kind in Role.Kind if Role(kind=kind).implied_permission)


def demanded(*, kind: str, ial: int, aal: int, decides: bool) -> Strength:
    """Return how strong a device a role wants of its holder before it opens anything.

    ``decides`` says whether an approval rule names the role.
    """
    if ial >= IAL.PROOFED or decides or kind in _WORKING:
        return Strength.STRONG
    return Strength.WEAK if aal >= AAL.TWO_FACTORS else Strength.NONE


def demanded_by(role: Role, *, decides: bool | None = None) -> Strength:
    """Return the same for a role; looks up whether it decides unless told."""
    if decides is None:
        decides = ApprovalRule.objects.filter(approver_role=role).exists()
    return demanded(kind=role.kind, ial=role.required_ial, aal=role.required_aal, decides=decides)


def missing(person: Any, wanted: Strength) -> Strength:
    """Return what a role of the person waits for: any device, a strong one, or nothing."""
    weak = Strength.WEAK if person.has_mfa else Strength.NONE
    held = Strength.STRONG if person.has_strong_factor else weak
    return wanted if held < wanted else Strength.NONE


def works_with_strong_factor(user: User) -> bool:
    """Whether the person decides, serves, reads everything, or holds a role for proven people.

    A few statements; asked when devices change and when somebody signs in again, never by pages.
    """
    return (
        bool(routing.powers_of(user))
        or user.has_perm(policies.READ_LOG)
        or user.has_perm(policies.REVOKE)
        or SystemUserObjectPermission.objects.filter(user=user).exists()
        or _holds(user, role__required_ial__gte=IAL.PROOFED)
    )


def holds_role_with_two_factors(user: User) -> bool:
    """Whether the person holds a role that demands a second factor, of whatever strength."""
    return _holds(user, role__required_aal__gte=AAL.TWO_FACTORS)


def _holds(user: User, **conditions: Any) -> bool:
    return Grant.objects.active().filter(person=user, **conditions).exists()
