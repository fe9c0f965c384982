"""What this room does when an account is switched off, in the same transaction."""

from typing import Any

from access_requests import routing
from access_requests.services import requests, rerouting
from accounts.models import User


def pass_on_work(*, user: User, actor: User | None = None, **_kwargs: Any) -> None:
    """Withdraw the person's open requests, and pass on what waited for the person."""
    requests.withdraw_all(requester=user, actor=actor)
    waiting = routing.routed_to(routing.powers_of(user))
    rerouting.reroute(waiting, actor=actor)
