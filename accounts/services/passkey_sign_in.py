"""Signs people in with a passkey: after the password, or with nothing else."""

from typing import Any

from accounts.audit_tags import Tag
from accounts.models import User
from accounts.reasons import Reason
from accounts.services import failures, passkeys, sign_in, throttle
from accounts.services.sign_in import Browser, SignedIn
from accounts.verdicts import Refusal
from audit import events


def second_step(*, user: User, state: dict[str, Any], answer: str, browser: Browser) -> SignedIn:
    """Judge the passkey of somebody whose password was right, and open the session.

    Raises ``Refusal`` PASSKEY_REFUSED, or NOT_SIGNED_IN when the account changed meanwhile.
    """
    factor = passkeys.verify(user=user, state=state, answer=answer)
    return sign_in.complete(user=user, factor=factor, browser=browser)


def alone(*, state: dict[str, Any], answer: str, browser: Browser) -> SignedIn:
    """Judge a passkey that checked its owner itself, and open the session.

    Nobody can guess a key, so wrong passwords of strangers do not close this road; wrong answers
    count against the client address and against the person's second factor. Raises ``Refusal``
    TOO_MANY_FROM_ADDRESS, PASSKEY_REFUSED, the same for unknown, wrong, closed and locked, or
    NOT_SIGNED_IN.
    """
    address = sign_in.address_bucket(browser.address)
    if not throttle.is_allowed(address):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    user = passkeys.owner_of(answer)
    if user is None or not user.is_active:
        events.record(
            Tag.SIGN_IN_FAILED,
            actor=None,
            target=user,
            outcome="refused",
            reason="passkey",
            after=failures.browser_used(),
        )
        raise Refusal(Reason.PASSKEY_REFUSED)
    factor = passkeys.verify(user=user, state=state, answer=answer)
    signed_in = sign_in.complete(user=user, factor=factor, browser=browser)
    throttle.give_back(address)
    return signed_in
