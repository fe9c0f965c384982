"""What is needed to add a second factor: which kinds are possible, and what an app has to know."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction

from accounts import gateways, sealing
from accounts.models import MFADevice, PortalSession, User
from accounts.services import codes, devices, passkeys, second_factor

Kind = MFADevice.Kind

ISSUER = "CMS Enterprise Portal"
_GROUP = 4

# In the order in which they are offered: the strong ones first.
_OFFERED = (
    Kind.PASSKEY,
    Kind.APP_PHONE,
    Kind.APP_COMPUTER,
    Kind.TEXT,
    Kind.VOICE,
    Kind.EMAIL,
    Kind.RECOVERY,
)
# One address in the profile and one sheet of paper: a second one of these would help nobody.
_ONLY_ONE = frozenset({Kind.EMAIL, Kind.RECOVERY})


def possible_kinds(user: User) -> list[Kind]:
    """The kinds this person can add now, in order; none when there are as many as allowed.

    Recovery codes stand in for a device that is not at hand, so they come after a first one.
    """
    held = [device.kind for device in devices.confirmed_for(user)]
    if len(held) >= settings.MFA_DEVICE_LIMIT:
        return []
    left_out = {kind for kind in _ONLY_ONE if kind in held}
    if not held:
        left_out.add(Kind.RECOVERY)
    if not settings.PASSKEYS_ENABLED:
        left_out.add(Kind.PASSKEY)
    if not gateways.are_available():
        left_out |= {Kind.TEXT, Kind.VOICE}
    return [kind for kind in _OFFERED if kind not in left_out]


@transaction.atomic
def add_passkey(
    *, user: User, name: str, state: dict[str, Any], answer: str, session: PortalSession
) -> MFADevice:
    """Register the key an answer describes as a device; the answer is its proof.

    Raises ``Refusal`` PASSKEY_REFUSED or PASSKEY_KNOWN, and what ``devices.add_passkey`` raises.
    """
    credential = passkeys.register(user=user, state=state, answer=answer)
    return devices.add_passkey(user=user, name=name, credential=credential, session=session)


@transaction.atomic
def add_recovery_codes(*, user: User, name: str, session: PortalSession | None = None) -> list[str]:
    """Add a set of recovery codes and return them, to be shown once.

    Raises ``Refusal`` as ``devices.add`` does.
    """
    device = devices.add(user=user, kind=Kind.RECOVERY)
    texts = codes.make_recovery_codes(device=device)
    devices.take_into_use(user=user, device_id=device.pk, name=name, session=session)
    return texts


def typed_secret(device: MFADevice) -> str:
    """The seed of an app as people type it: base 32 in groups of four."""
    secret = _base32(device)
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))


def provisioning_uri(device: MFADevice) -> str:
    """The address that an authenticator app reads from the QR code."""
    label = quote(f"{ISSUER}:{device.user.user_id}")
    query = urlencode(
        {
            "secret": _base32(device),
            "issuer": ISSUER,
            "algorithm": "SHA1",
            "digits": sealing.CODE_DIGITS,
            "period": second_factor.TOTP_STEP_SECONDS,
        },
        quote_via=quote,
    )
    return f"otpauth://totp/{label}?{query}"


def _base32(device: MFADevice) -> str:
    return base64.b32encode(devices.seed_of(device)).decode().rstrip("=")
