"""The authenticator apps of the demo people, and what they show now."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.oath import TOTP

import clock
from accounts import sealing
from accounts.models import MFADevice, User
from accounts.services import devices
from accounts.services.second_factor import TOTP_STEP_SECONDS
from notifications import panels

NAME = "Demo app"


def seed_of(user_id: str) -> bytes:
    """Return the secret of a demo person's app: the same in every run of one installation."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"demo.app.{user_id}".encode(), "sha1")


def add_app(user: User) -> MFADevice:
    """Give a demo person an authenticator app, as if it had been set up."""
    now = clock.now()
    device = MFADevice(
        user=user,
        kind=MFADevice.Kind.APP_PHONE,
        name=NAME,
        is_default=True,
        seed=sealing.seal(seed_of(user.user_id_key)),
        confirmed_at=now,
        created_at=now,
    )
    device.save()
    devices.refresh(user)
    return device


def current() -> list[list[str]]:
    """Return name, code and time left of each demo app; one query."""
    if settings.IS_PRODUCTION:
        return []
    found = (
        MFADevice.objects.filter(name=NAME, kind=MFADevice.Kind.APP_PHONE, confirmed=True)
        .select_related("user")
        .order_by("user__user_id_key")
    )
    return [_row(device) for device in found if _is_demo_app(device)]


def _is_demo_app(device: MFADevice) -> bool:
    """Tell whether the app is the one made here: nobody else's seed is ever shown."""
    try:
        return hmac.compare_digest(sealing.unseal(device.seed), seed_of(device.user.user_id_key))
    except sealing.Unreadable:
        return False


def _row(device: MFADevice) -> list[str]:
    """A code works once; when this step's is used, the next one's is good already."""
    now = int(clock.now().timestamp())
    step = now // TOTP_STEP_SECONDS
    shown = step if device.last_step is None else max(step, device.last_step + 1)
    left = (step + 1) * TOTP_STEP_SECONDS - now
    if shown > step + 1:
        return [device.user.user_id, "\N{EN DASH}", _("next in %(left)d seconds") % {"left": left}]
    totp = TOTP(seed_of(device.user.user_id_key), step=TOTP_STEP_SECONDS)
    totp.time = shown * TOTP_STEP_SECONDS
    lasts = left + TOTP_STEP_SECONDS * (shown - step)
    return [device.user.user_id, f"{totp.token():06d}", _("%(left)d seconds") % {"left": lasts}]


def register() -> None:
    """Show the codes beside the messages of the embedded default."""
    panels.register(
        panels.Panel(
            heading=gettext_lazy("Current codes of the demo people"),
            lead=gettext_lazy(
                "What their authenticator apps show now. Log in with User ID and password, select "
                "Authenticator app on a phone, and enter the code. Each code works once."
            ),
            columns=(
                gettext_lazy("User ID"),
                gettext_lazy("Security Code"),
                gettext_lazy("Good for"),
            ),
            rows=current,
        )
    )
