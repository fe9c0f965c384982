"""The mails about accounts that their owners stopped: recipient and words."""

from collections.abc import Sequence

from django.utils.timezone import localtime

from accounts.models import SecurityCase, User
from notifications.outbox import Mail, enqueue


def account_frozen(user: User, *, case: SecurityCase, addresses: Sequence[str]) -> None:
    """Tells all addresses of a person that the account is stopped, and what happens next."""
    enqueue(
        [
            Mail(
                "account_frozen",
                address,
                {
                    "user_id": user.user_id,
                    "reference": case.reference,
                    "event": case.get_event_display(),
                    "event_at": localtime(case.event_at),
                    "took_proof_back": case.took_proof_back,
                },
                recipient=user,
            )
            for address in addresses
        ]
    )


def case_closed(user: User, *, case: SecurityCase, stays_closed: bool) -> None:
    """Says how the case ended and what the person can do now."""
    context = {
        "user_id": user.user_id,
        "reference": case.reference,
        "stays_closed": stays_closed,
    }
    enqueue([Mail("account_case_closed", user.email, context, recipient=user)])
