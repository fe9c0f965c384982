"""Gives people an authenticator app, for tests that are not about setting one up."""

from django_otp.oath import TOTP

from accounts.models import MFADevice, User
from accounts.services import devices


def main(user_id: str) -> str:
    """Add an app to somebody's account; returns its seed, as hexadecimal digits."""
    user = User.objects.get_by_natural_key(user_id)
    begun = devices.add(user=user, kind=MFADevice.Kind.APP_PHONE)
    seed = devices.seed_of(begun)
    # The step before the present one, so that the present one is still good for the test.
    totp = TOTP(seed, drift=-1)
    devices.confirm(user=user, device_id=begun.pk, code=f"{totp.token():06d}")
    return seed.hex()
