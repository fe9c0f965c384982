"""The mails of the help desk console: whatever an agent does to an account, its owner reads."""

from typing import Any

from django.utils.timezone import localtime

import clock
from accounts import sealing
from accounts.models import AccountEvent, User
from accounts.services import disavowal
from notifications import links
from notifications.outbox import Mail, enqueue
from support.models import CallerCode, Contact, Proposal

CODE = "support.caller_code"
SPOKEN_CODE = "support.caller_code.spoken"


def register_makers() -> None:
    """Say how a code comes into a message in the moment of delivery."""
    links.register_maker(CODE, sealing.code_of)
    links.register_maker(SPOKEN_CODE, lambda nonce: ", ".join(sealing.code_of(nonce)))


def code_marker(code: CallerCode) -> str:
    """What stands for the code in a text that is on its way."""
    return links.placeholder(CODE, code.nonce)


def spoken_code_marker(code: CallerCode) -> str:
    """The same for a voice, digit by digit."""
    return links.placeholder(SPOKEN_CODE, code.nonce)


def account_opened(contact: Contact) -> None:
    """An agent looks at the account: why, and under which call or ticket."""
    _tell(contact, "helpdesk_opened", AccountEvent.HELP_DESK_ACTED, reason=contact.reason)


def caller_code(contact: Contact, code: CallerCode) -> None:
    """The code that the person reads to the agent who is on the phone."""
    context = {
        "code": code_marker(code),
        "reference": contact.reference,
        "expires_at": localtime(code.expires_at),
    }
    _send(contact.person, "helpdesk_code", context)


def unlocked(contact: Contact, *, reason: str) -> None:
    """Sign-in and second factor are open again."""
    _tell(contact, "helpdesk_unlocked", AccountEvent.ACCOUNT_UNLOCKED, reason=reason)


def one_time_code_issued(contact: Contact, *, reason: str) -> None:
    """An agent read a One-Time Security Code out; the code itself is not in this mail."""
    _tell(contact, "helpdesk_one_time_code", AccountEvent.CODE_ISSUED, reason=reason)


def reset_proposed(proposal: Proposal) -> None:
    """All MFA devices are to be removed, and from when on that can happen."""
    _tell(
        proposal.contact,
        "helpdesk_reset_proposed",
        AccountEvent.HELP_DESK_ACTED,
        reason=proposal.reason,
        not_before=localtime(proposal.not_before),
        waits=proposal.not_before > proposal.proposed_at,
    )


def reset_dropped(proposal: Proposal, *, reason: str) -> None:
    """Nothing was removed after all."""
    _send(proposal.person, "helpdesk_reset_dropped", {"reason": reason})


def _tell(contact: Contact, name: str, event: AccountEvent, **context: Any) -> None:
    context |= {
        "reference": contact.reference,
        "at": localtime(clock.now()),
        "not_me": disavowal.link(contact.person, event),
    }
    _send(contact.person, name, context)


def _send(person: User, name: str, context: dict[str, Any]) -> None:
    mail = Mail(name, person.email, {"user_id": person.user_id, **context}, recipient=person)
    enqueue([mail])
