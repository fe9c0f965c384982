"""Makes somebody who holds a role and can sign in with a password alone."""

from access_requests.services import decisions
from accounts.models import User
from tests.live import newcomers
from tests.live.asking import ask, role


def main(user_id: str) -> int:
    """Create the person, have the role approved; returns the key of the grant."""
    (person,) = newcomers.make([user_id])
    asked = ask(person, role("zone", "end-user"))
    decision = decisions.approve(
        tracking_number=str(asked.tracking_number),
        approver=User.objects.get(user_id="approver.external"),
    )
    return decision.grant.pk
