"""Passkeys and security keys: what a browser is asked, and what its answer is worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import ResidentKeyRequirement

import clock
from accounts.factors import Factor
from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import second_factor
from accounts.verdicts import Refusal

LONGEST_ANSWER = 20_000  # characters; a real answer has about two thousand

# What the libraries raise over an answer that no browser of good will gives.
_UNFIT = (
    WebAuthnException,
    OTPWebAuthnApiError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    DataError,
)


@dataclass(frozen=True)
class Question:
    """What a browser is asked once: the options it gets, and what the session keeps of them."""

    options: str
    state: dict[str, Any]


class _Helper(WebAuthnHelper):  # type: ignore[misc] # the package has no types
    """The ceremonies with the portal's choices; it needs no request, RP and origin are settings."""

    def __init__(self) -> None:
        super().__init__(request=None)

    def get_discoverable_credentials_preference(self) -> ResidentKeyRequirement:
        """Security keys with little memory are welcome too, as a second factor."""
        return ResidentKeyRequirement.PREFERRED

    def get_credential_display_name(self, user: User) -> str:
        """What the browser's own window calls the passkey."""
        return user.user_id


def ask_to_register(*, user: User) -> Question:
    """Begin adding a passkey for a person; keys they have already are left out by the browser."""
    return _question(*_Helper().register_begin(user))


def ask_to_use(*, user: User | None = None) -> Question:
    """Begin a use: with a person as second factor, without one as the only proof.

    Only in the second case must the key itself make sure of its owner (fingerprint or PIN),
    because nothing else does.
    """
    helper = _Helper()
    return _question(*helper.authenticate_begin(user=user, require_user_verification=user is None))


def register(*, user: User, state: dict[str, Any], answer: str) -> WebAuthnCredential:
    """Store the key an answer describes, in the caller's transaction.

    Raises ``Refusal`` PASSKEY_REFUSED for an answer to another question, another site or nobody,
    and PASSKEY_KNOWN for a key that is somebody's already.
    """
    _asked_at(state)
    data = _read(answer)
    try:
        with transaction.atomic():
            return _Helper().register_complete(user=user, state=state, data=data)
    except IntegrityError as error:
        raise Refusal(Reason.PASSKEY_KNOWN) from error
    except _UNFIT as error:
        raise Refusal(Reason.PASSKEY_REFUSED) from error


def owner_of(answer: str) -> User | None:
    """Whose key an answer names; nothing is proven by it."""
    try:
        credential = WebAuthnCredential.objects.select_related("user").get(
            credential_id_sha256=_key_of(_read(answer)), confirmed=True
        )
    except (Refusal, WebAuthnCredential.DoesNotExist):
        return None
    owner: User = credential.user
    return owner


@transaction.atomic
def use(*, user: User, state: dict[str, Any], answer: str) -> WebAuthnCredential:
    """Judge an answer of this person's key; each question is answered at most once.

    Locks the key. A session copied by parallel requests cannot use a question twice: whatever
    was asked before the key's last use is dead. Raises ``Refusal`` PASSKEY_REFUSED.
    """
    asked_at, data = _asked_at(state), _read(answer)
    try:
        credential = WebAuthnCredential.objects.select_for_update().get(
            credential_id_sha256=_key_of(data), user=user, confirmed=True
        )
    except WebAuthnCredential.DoesNotExist as error:
        raise Refusal(Reason.PASSKEY_REFUSED) from error
    if credential.last_used_at is not None and asked_at <= credential.last_used_at:
        raise Refusal(Reason.PASSKEY_REFUSED)
    try:
        with transaction.atomic():
            credential = _Helper().authenticate_complete(user=user, state=state, data=data)
    except _UNFIT as error:
        raise Refusal(Reason.PASSKEY_REFUSED) from error
    # The portal's clock, which a training installation may move, not the package's.
    credential.last_used_at = clock.now()
    credential.save(update_fields=["last_used_at"])
    return credential


def verify(*, user: User, state: dict[str, Any], answer: str) -> Factor:
    """Judge an answer as a second factor, counted together with codes.

    Must not run within a transaction. Raises ``Refusal`` PASSKEY_REFUSED, the same for wrong, old
    and locked.
    """

    def judge() -> Factor | None:
        try:
            return _prove(user, state, answer)
        except Refusal:
            return None

    try:
        return second_factor.verify_with(user=user, kind=MFADevice.Kind.PASSKEY, judge=judge)
    except Refusal as refusal:
        raise Refusal(Reason.PASSKEY_REFUSED) from refusal


@transaction.atomic
def _prove(user: User, state: dict[str, Any], answer: str) -> Factor | None:
    credential = use(user=user, state=state, answer=answer)
    device = MFADevice.objects.filter(credential=credential, user=user, confirmed=True).first()
    return second_factor.used(device) if device else None


def _question(options: dict[str, Any], state: dict[str, Any]) -> Question:
    return Question(json.dumps(options), {**state, "at": clock.now().isoformat()})


def _asked_at(state: dict[str, Any]) -> datetime:
    """When the question was asked, if that was within its lifetime."""
    asked_at = parse_datetime(str(state.get("at", "")))
    lasts = timedelta(seconds=settings.OTP_WEBAUTHN_TIMEOUT_SECONDS)
    if asked_at is None or not timedelta(0) <= clock.now() - asked_at <= lasts:
        raise Refusal(Reason.PASSKEY_REFUSED)
    return asked_at


def _read(answer: str) -> dict[str, Any]:
    """The answer as data, if it is an object of a sensible size."""
    try:
        data = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise Refusal(Reason.PASSKEY_REFUSED) from error
    if not isinstance(data, dict):
        raise Refusal(Reason.PASSKEY_REFUSED)
    return data


def _key_of(data: dict[str, Any]) -> str:
    """The digest under which the key that an answer names is kept."""
    try:
        raw_id = parse_authentication_credential_json(data).raw_id
    except _UNFIT as error:
        raise Refusal(Reason.PASSKEY_REFUSED) from error
    return str(WebAuthnCredential.get_credential_id_sha256(raw_id))
