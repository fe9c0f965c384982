"""Fills the queue of one organization: people who ask, and people who may decide."""

from dataclasses import asdict, dataclass
from typing import Any

import clock
from access_requests.services import decisions
from accounts.models import User
from accounts.text import key
from organizations.models import Organization
from tests.live import newcomers
from tests.live.asking import ask, role


@dataclass(frozen=True)
class Queue:
    """What was made: User IDs of the approvers, tracking numbers of the requests."""

    approvers: list[str]
    waiting: list[str]


def main(given: dict[str, Any]) -> dict[str, list[str]]:
    """Make `approvers` external approvers of the organization `name`, then `requests` requests."""
    name = given["name"]
    slug = name.lower().replace(" ", "-")
    Organization.objects.create(
        name=name,
        name_key=key(name),
        kind=Organization.Kind.ASSISTER,
        created_at=clock.now(),
    )
    cms = User.objects.get(user_id="approver.cms")
    approvers = newcomers.make([f"{slug}.approver.{n}" for n in range(given["approvers"])])
    for approver in approvers:
        asked = ask(approver, role("zone", "external-approver"), name)
        decisions.approve(tracking_number=str(asked.tracking_number), approver=cms)
    requesters = newcomers.make([f"{slug}.requester.{n}" for n in range(given["requests"])])
    waiting = [
        str(ask(person, role("zone", "end-user"), name).tracking_number) for person in requesters
    ]
    return asdict(Queue([person.user_id for person in approvers], waiting))
