"""What the visitor of a page may decide, and which requests the visitor may see."""

from django.db import transaction
from django.db.models import Q

from access_requests import policies, routing
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet, Status
from access_requests.power_rows import OWN
from access_requests.reasons import Reason
from access_requests.routing import Powers
from accounts import remembered
from accounts.assurance import is_strong
from accounts.models import User
from accounts.verdicts import ALLOWED, Verdict, refused
from catalog.models import SystemUserObjectPermission

# A new approver role ends the memory at once; only a permission or group given by hand can take
# this long to show in the menu. Powers themselves are never remembered: they end at once.
DECIDES_NOTHING = "decides_nothing"
remembered.register(DECIDES_NOTHING, seconds=60)
_KEPT = "_decision_powers"


def powers_of(visitor: User) -> Powers:
    """Read the powers once a page; people who decide nothing cost no statement for a while.

    For pages only: the answer is kept with the user object, which lives as long as the page.
    Services ask ``routing``.
    """
    if not hasattr(visitor, _KEPT):
        setattr(visitor, _KEPT, _read(visitor))
    powers: Powers = getattr(visitor, _KEPT)
    return powers


def _read(visitor: User) -> Powers:
    if remembered.recall(visitor, DECIDES_NOTHING):
        return Powers(visitor.pk)
    powers = routing.powers_of(visitor)
    if not powers:
        remembered.keep(visitor, DECIDES_NOTHING, 1)
    return powers


def forget(person_id: int) -> None:
    """Ask about the person afresh once the transaction has committed."""
    transaction.on_commit(lambda: remembered.forget(person_id, DECIDES_NOTHING))


def decides_something(visitor: User) -> Verdict:
    """Whether there is any queue that the visitor works on."""
    return ALLOWED if powers_of(visitor) else refused(Reason.NOT_YOUR_QUEUE)


def may_see_anything(visitor: User) -> bool:
    """Whether the visitor sees every request, as auditors do."""
    return visitor.has_perm(policies.READ_LOG) and is_strong(visitor)


def visible_to(visitor: User) -> AccessRequestQuerySet:
    """Return the requests that the visitor may look at; drafts are nobody's but the writer's.

    The requester's own; those decided by the visitor or waiting, or having waited, for the
    visitor; those of systems that the visitor owns. To serve somebody is no reason to read what
    they wrote: help desks look at people in their console, with a reason that is recorded.
    """
    submitted = AccessRequest.objects.exclude(status=Status.DRAFT)
    if may_see_anything(visitor):
        return submitted
    owned = SystemUserObjectPermission.objects.filter(user=visitor, permission__codename=OWN)
    return submitted.filter(
        Q(requester=visitor)
        | Q(decision__approver=visitor)
        | Q(pk__in=AccessRequest.objects.filter(information_requests__asked_by=visitor))
        | Q(system__in=owned.values("content_object"))
        | routing.in_court_of(powers_of(visitor))
    )
