"""Builds second factors for tests, as if their owner had set them up."""

import secrets
from typing import Any

from django_otp.oath import TOTP

import clock
from accounts import sealing
from accounts.assurance import Strength
from accounts.models import MFADevice, User
from accounts.services import codes

Kind = MFADevice.Kind
PHONE = "+14105550177"


def device(user: User, kind: str = Kind.APP_PHONE, **fields: Any) -> MFADevice:
    """A device in use; the person's row tells of it, as the services would have it."""
    values: dict[str, Any] = {
        "name": str(Kind(kind).label),
        "is_default": not MFADevice.objects.filter(user=user, is_default=True).exists(),
        "confirmed_at": clock.now(),
        "created_at": clock.now(),
        **fields,
    }
    if kind in MFADevice.APPS:
        values.setdefault("seed", sealing.seal(secrets.token_bytes(20)))
    if kind in {Kind.TEXT, Kind.VOICE}:
        values.setdefault("phone", PHONE)
    made = MFADevice(user=user, kind=kind, **values)
    made.save()
    if kind != Kind.RECOVERY:
        user.has_mfa = True
        user.has_strong_factor |= made.strength >= Strength.STRONG
        user.save(update_fields=["has_mfa", "has_strong_factor"])
    return made


def app(user: User, **fields: Any) -> MFADevice:
    """An authenticator app."""
    return device(user, Kind.APP_PHONE, **fields)


def recovery_codes(user: User) -> tuple[MFADevice, list[str]]:
    """Codes on paper, and what stands on it."""
    made = device(user, Kind.RECOVERY)
    return made, codes.make_recovery_codes(device=made)


def code_of(app: MFADevice, *, steps: int = 0) -> str:
    """What an authenticator app shows now, or some steps of 30 seconds later."""
    totp = TOTP(sealing.unseal(app.seed))
    totp.time = clock.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"
