"""The mails that carry or concern security codes; no code is in them before they are delivered."""

from datetime import datetime

from django.utils.timezone import localtime

from accounts import sealing
from accounts.models import SecurityCode, User
from notifications import links
from notifications.outbox import Mail, enqueue

CODE = "accounts.security_code"
SPOKEN_CODE = "accounts.security_code.spoken"


def register_makers() -> None:
    """Say how a code comes into a message in the moment of delivery."""
    links.register_maker(CODE, sealing.code_of)
    links.register_maker(SPOKEN_CODE, _spoken)


def code_marker(code: SecurityCode) -> str:
    """What stands for the code in a text that is on its way."""
    return links.placeholder(CODE, code.nonce)


def spoken_code_marker(code: SecurityCode) -> str:
    """The same for a voice, digit by digit."""
    return links.placeholder(SPOKEN_CODE, code.nonce)


def security_code(code: SecurityCode) -> None:
    """The code of an e-mail device."""
    _send(code, "security_code")


def one_time_security_code(code: SecurityCode) -> None:
    """The code for somebody who cannot use a device, to the address of the profile."""
    _send(code, "one_time_security_code")


def second_factor_locked(user: User, *, until: datetime, at: datetime) -> None:
    """Says that security codes are closed after too many wrong ones, until when, and what to do."""
    context = {"user_id": user.user_id, "until": localtime(until), "at": localtime(at)}
    enqueue([Mail("second_factor_locked", user.email, context, recipient=user)])


def _send(code: SecurityCode, name: str) -> None:
    user = code.user
    context = {
        "user_id": user.user_id,
        "code": code_marker(code),
        "expires_at": localtime(code.expires_at),
    }
    enqueue([Mail(name, user.email, context, recipient=user)])


def _spoken(nonce: str) -> str:
    return ", ".join(sealing.code_of(nonce))
