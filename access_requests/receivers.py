"""What this room does when an account changes, in the same transaction."""

from typing import Any

from django.utils.translation import gettext as _

from access_requests import routing
from access_requests.services import grants, requests, rerouting
from accounts.models import User


def pass_on_work(*, user: User, actor: User | None = None, **_kwargs: Any) -> None:
    """Withdraw the person's open requests, and pass on what waited for the person."""
    requests.withdraw_all(requester=user, actor=actor)
    waiting = routing.routed_to(routing.powers_of(user))
    rerouting.reroute(waiting, actor=actor)


def end_unproven_access(*, user: User, **_kwargs: Any) -> None:
    """End the roles that need a proven identity, because the person's was disowned."""
    grants.end_unproven(person=user, note=_("The proof of identity it rests on was disowned."))
