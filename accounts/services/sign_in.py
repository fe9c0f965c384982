"""Signs a person in: every entry path to the portal runs through here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import get_random_string, salted_hmac

from accounts import emails, passwords, text
from accounts.assurance import AAL
from accounts.audit_tags import Tag
from accounts.factors import Factor
from accounts.models import User
from accounts.reasons import Reason
from accounts.services import failures, known_browsers, opening, second_factor, throttle
from accounts.services.second_factor import Choice
from accounts.services.throttle import Bucket, Purpose, Reservation
from accounts.verdicts import Refusal
from audit import events
from prepared import Prepared

_NAMED = Prepared(lambda key: User.objects.filter(user_id_key=key), key=str)


@dataclass(frozen=True)
class Browser:
    """What the view knows of the browser that asks."""

    address: str
    user_agent: str
    known_cookie: str
    replaced_token: str
    terms_accepted_at: datetime


@dataclass(frozen=True)
class SignedIn:
    """What the view has to put into the session and the answer."""

    user: User
    token: str
    known_browser: known_browsers.KnownBrowser
    aal: AAL = AAL.PASSWORD


@dataclass(frozen=True)
class PasswordAccepted:
    """The password was right, and a second factor has to follow before anything opens."""

    user: User


def sign_in(*, user_id: str, password: str, browser: Browser) -> SignedIn | PasswordAccepted:
    """Judge a password; open a session unless the person has a second factor to show.

    Raises ``Refusal`` with NOT_SIGNED_IN, the same for unknown, wrong, locked and closed, or with
    TOO_MANY_FROM_ADDRESS before any hash is computed. Everything that is refused is counted.
    """
    user = _NAMED.first(key=text.key(user_id))
    known_token = known_browsers.read(user, browser.known_cookie)
    account = account_bucket(user_id, known_token)
    address = address_bucket(browser.address)
    # A known browser is exempt from the limit of its address: offices share one.
    buckets = [account] if known_token else [account, address]
    places = throttle.reserve(buckets)
    if address.purpose in places and not places[address.purpose].is_open:
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)

    place = places[account.purpose]
    is_right = _is_right(user, password, evaluate=place.is_open)
    if user is None or not is_right:
        _record_failure(user, place, known=bool(known_token))
        raise Refusal(Reason.NOT_SIGNED_IN)
    if user.has_mfa:
        return _accept_password(user, buckets)
    token = opening.open_session(user=user, browser=browser, settle=buckets)
    if token is None:
        _record_failure(user, place, known=bool(known_token))
        raise Refusal(Reason.NOT_SIGNED_IN)
    return SignedIn(user, token, known_browsers.issue(user, known_token))


def second_step(*, user: User, choice: Choice, code: str, browser: Browser) -> SignedIn:
    """Judge the code of somebody whose password was right, and open the session.

    Raises ``Refusal`` SECOND_FACTOR_REFUSED for whatever is wrong with it, NOT_SIGNED_IN when the
    account was closed or changed meanwhile.
    """
    factor = second_factor.verify(user=user, choice=choice, code=code)
    return complete(user=user, factor=factor, browser=browser)


def complete(*, user: User, factor: Factor, browser: Browser) -> SignedIn:
    """Open the session of somebody whose factors were all judged right, on whatever road.

    ``user`` as read when the password was judged: a change since then closes the door. Raises
    ``Refusal`` NOT_SIGNED_IN.
    """
    token = opening.open_session(user=user, browser=browser, settle=(), factor=factor)
    if token is None:
        raise Refusal(Reason.NOT_SIGNED_IN)
    known_token = known_browsers.read(user, browser.known_cookie)
    known_browser = known_browsers.issue(user, known_token)
    return SignedIn(user, token, known_browser, factor.strength.aal)


@transaction.atomic
def _accept_password(user: User, buckets: Sequence[Bucket]) -> PasswordAccepted:
    """Settle what was counted: clear the account's counter, give the address its attempt back."""
    throttle.settle(buckets[0], buckets[1:])
    events.record(Tag.FIRST_FACTOR, actor=user, target=user)
    return PasswordAccepted(user)


def asks_for_device(user_id: str) -> bool:
    """Whether the password page shows the fields of a device for what was typed as User ID.

    One statement. A share of the User IDs that nobody has gets the fields too, always the same
    ones, so that neither having them nor lacking them says whether there is an account.
    """
    key = text.key(user_id)
    found = User.objects.filter(user_id_key=key).values_list("has_mfa", flat=True).first()
    if found is not None:
        return found
    digest = salted_hmac("accounts.decoy", key, algorithm="sha256").digest()
    drawn = int.from_bytes(digest[:4], "big") / 2**32
    share: float = settings.MFA_DECOY_SHARE
    return drawn < share


def account_bucket(user_id: str, known_token: str | None) -> Bucket:
    """The counter of an account, apart for strangers and for each known browser."""
    purpose = Purpose.PASSWORD_KNOWN if known_token else Purpose.PASSWORD_STRANGER
    return Bucket(
        purpose,
        f"{text.key(user_id)}:{known_token or ''}",
        settings.SIGN_IN_FAILURE_LIMIT,
        settings.SIGN_IN_FAILURE_WINDOW,
        settings.SIGN_IN_LOCK,
    )


def address_bucket(address: str) -> Bucket:
    """The counter of a client address."""
    return Bucket(
        Purpose.PASSWORD_ADDRESS,
        address,
        settings.SIGN_IN_ADDRESS_LIMIT,
        settings.SIGN_IN_ADDRESS_WINDOW,
        settings.SIGN_IN_ADDRESS_WINDOW,
    )


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """A hash that no password has, as costly to check as a real one."""
    return make_password(get_random_string(40))


def _is_right(user: User | None, password: str, *, evaluate: bool) -> bool:
    """Compare at the same cost for an unknown, closed or locked account as for any other."""
    if not passwords.is_storable(password):
        return False
    if user is None or not evaluate or not user.is_active or not user.has_usable_password():
        check_password(password, _dummy_hash())
        return False
    return check_password(password, user.password)


def _record_failure(user: User | None, place: Reservation, *, known: bool) -> None:
    failures.record(
        user=user,
        place=place,
        failed=Tag.SIGN_IN_FAILED,
        closed=Tag.SIGN_IN_LOCKED,
        tell=emails.account_locked if user is not None and user.is_active else None,
        by="known_browser" if known else "stranger",
    )
