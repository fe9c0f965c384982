"""Fills the queue of one organization: people who ask, and people who may decide."""

from dataclasses import asdict, dataclass
from typing import Any

import clock
from access_requests.services import decisions
from accounts.models import User
from accounts.services import acknowledgements
from accounts.text import key
from organizations.models import Organization
from tests.live import apps, newcomers
from tests.live.asking import ask, role


@dataclass(frozen=True)
class Queue:
    """What was made: approvers with the seeds of their apps, tracking numbers of the requests."""

    approvers: dict[str, str]
    waiting: list[str]


def main(given: dict[str, Any]) -> dict[str, Any]:
    """Make `approvers` external approvers of the organization `name`, then `requests` requests.

    The approvers have an authenticator app and have accepted every rule.
    """
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
    seeds = {}
    for approver in approvers:
        seeds[approver.user_id] = apps.main(approver.user_id)
        asked = ask(approver, role("zone", "external-approver"), name)
        decisions.approve(tracking_number=str(asked.tracking_number), approver=cms)
        acknowledgements.accept_for_demo(user=User.objects.get(pk=approver.pk))
    requesters = newcomers.make([f"{slug}.requester.{n}" for n in range(given["requests"])])
    waiting = [
        str(ask(person, role("zone", "end-user"), name).tracking_number) for person in requesters
    ]
    return asdict(Queue(seeds, waiting))
