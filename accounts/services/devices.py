"""Adds second factors, and keeps the person's row true to the ones there are."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django_otp.util import random_hex

import clock
from accounts import emails_mfa, sealing
from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, User
from accounts.models.devices import NAME_MAX_LENGTH
from accounts.reasons import Reason
from accounts.services import codes, second_factor
from accounts.verdicts import Refusal
from audit import events
from prepared import Prepared

_Kind = MFADevice.Kind
SEED_BYTES = 20  # as long as the digest that RFC 6238 uses


@transaction.atomic
def add(
    *, user: User, kind: str, name: str = "", phone: str = "", extension: str = ""
) -> MFADevice:
    """Begin to add a device; it counts for nothing before ``confirm``.

    Forgets earlier beginnings, except one of the same number or address, whose code may be on its
    way. A passkey comes with its credential, by ``add_passkey``. Raises ``Refusal``
    TOO_MANY_DEVICES, or NEEDS_ANOTHER_DEVICE_FIRST for recovery codes alone.
    """
    owner = locked_owner(user)
    _ask_to_add(owner, kind)
    begun = MFADevice.objects.filter(user=owner, confirmed=False)
    same = begun.filter(kind=kind, phone=phone, extension=extension).first()
    if same is not None and same.is_sent_codes:
        return same
    codes.outlive(begun)
    begun.delete()
    seed = random_hex(SEED_BYTES) if kind in MFADevice.APPS else ""
    device = MFADevice(
        user=owner,
        kind=kind,
        name=name.strip()[:NAME_MAX_LENGTH] or str(_Kind(kind).label),
        confirmed=False,
        phone=phone,
        extension=extension,
        seed=sealing.seal(bytes.fromhex(seed)) if seed else "",
        created_at=clock.now(),
    )
    device.save()
    return device


def seed_of(device: MFADevice) -> bytes:
    """The secret of an authenticator app, to be shown while it is set up and never again.

    Raises ValueError for a device that was confirmed or is no app.
    """
    if device.confirmed or not device.is_app:
        raise ValueError("the seed is shown only while the app is being set up")
    return sealing.unseal(device.seed)


def confirm(
    *, user: User, device_id: int, code: str, name: str = "", session: PortalSession | None = None
) -> MFADevice:
    """Take a device into use because its owner typed a code of it.

    Counted like every second factor. ``session`` is the one in which that happens: it stays, as
    strong as the device when that is the first strong one, and all others end. Raises ``Refusal``
    NO_SUCH_DEVICE, SECOND_FACTOR_REFUSED, TOO_MANY_DEVICES.
    """

    def judge() -> Any:
        with transaction.atomic():
            device = _begun(user, device_id)
            return second_factor.used(device) if second_factor.proves(device, code) else None

    second_factor.verify_with(user=user, kind=_begun_kind(user, device_id), judge=judge)
    return take_into_use(user=user, device_id=device_id, name=name, session=session)


@transaction.atomic
def take_into_use(
    *, user: User, device_id: int, name: str = "", session: PortalSession | None = None
) -> MFADevice:
    """Take a device into use that was proven in another way: recovery codes, or a passkey's answer.

    Raises ``Refusal`` NO_SUCH_DEVICE, TOO_MANY_DEVICES.
    """
    owner = locked_owner(user)
    device = _begun(owner, device_id)
    _ask_to_add(owner, device.kind)
    device.name = name.strip()[:NAME_MAX_LENGTH] or device.name
    device.confirm()
    _take(device, owner, session)
    return device


@transaction.atomic
def add_passkey(
    *, user: User, credential: Any, name: str = "", session: PortalSession | None = None
) -> MFADevice:
    """Add a passkey whose credential was just registered, which is its proof of possession.

    Raises ``Refusal`` TOO_MANY_DEVICES.
    """
    owner = locked_owner(user)
    _ask_to_add(owner, _Kind.PASSKEY)
    device = MFADevice(
        user=owner,
        kind=_Kind.PASSKEY,
        name=name.strip()[:NAME_MAX_LENGTH] or str(_Kind.PASSKEY.label),
        credential=credential,
        created_at=clock.now(),
    )
    device.confirm()
    _take(device, owner, session)
    return device


def confirmed_for(user: User) -> list[MFADevice]:
    """The devices of a person that are in use, the default first."""
    return _CONFIRMED.all(person=user.pk)


_CONFIRMED = Prepared(
    lambda person: MFADevice.objects.filter(user=person, confirmed=True).select_related("user"),
    person=int,
)


def counts(device: MFADevice) -> bool:
    """Whether the device alone makes somebody a person with a second factor."""
    return device.kind != _Kind.RECOVERY


def refresh(user: User, *, keep: PortalSession | None = None) -> None:
    """Make the person's row true to the devices and end all sessions but ``keep``.

    In the caller's transaction, with the person's row locked.
    """
    devices = [device for device in confirmed_for(user) if counts(device)]
    user.has_mfa = bool(devices)
    user.has_strong_factor = any(device.strength >= Strength.STRONG for device in devices)
    user.security_version += 1
    user.save(update_fields=["has_mfa", "has_strong_factor", "security_version"])
    if devices and not any(device.is_default for device in devices):
        MFADevice.objects.filter(pk=devices[0].pk).update(is_default=True)
    open_sessions = PortalSession.objects.filter(user=user, ended_at=None)
    if keep is not None:
        open_sessions.filter(pk=keep.pk).update(security_version=user.security_version)
        open_sessions = open_sessions.exclude(pk=keep.pk)
    open_sessions.update(ended_at=clock.now(), end_reason=PortalSession.End.ACCOUNT_CHANGED.value)


def _take(device: MFADevice, owner: User, session: PortalSession | None) -> None:
    device.save()
    if session is not None and _lifts(device, owner, session):
        PortalSession.objects.filter(pk=session.pk).update(
            strength=device.strength,
            aal=device.strength.aal,
            device=device,
            factor=device.kind,
        )
    refresh(owner, keep=session)
    events.record(
        Tag.DEVICE_ADDED,
        actor=owner,
        target=device,
        after={"kind": device.kind, "name": device.name},
    )
    emails_mfa.device_added(device)


def _lifts(device: MFADevice, owner: User, session: PortalSession) -> bool:
    """Whether taking a device into use makes the session as strong as the device.

    Not for an owner of a strong device who came in without it: what a weak session adds proves
    nothing before it is used at a sign-in or step-up of its own.
    """
    return (
        counts(device)
        and device.strength > session.strength
        and not (device.strength >= Strength.STRONG and owner.has_strong_factor)
    )


def _ask_to_add(user: User, kind: str) -> None:
    devices = confirmed_for(user)
    if len(devices) >= settings.MFA_DEVICE_LIMIT:
        raise Refusal(Reason.TOO_MANY_DEVICES)
    if kind == _Kind.RECOVERY and not any(counts(device) for device in devices):
        raise Refusal(Reason.NEEDS_ANOTHER_DEVICE_FIRST)


def locked_owner(user: User) -> User:
    """The person, locked: one change of their devices at a time."""
    return User.objects.select_for_update().get(pk=user.pk)


def _begun(user: User, device_id: int) -> MFADevice:
    found = MFADevice.objects.filter(user=user, pk=device_id, confirmed=False)
    device = found.select_for_update().first()
    if device is None:
        raise Refusal(Reason.NO_SUCH_DEVICE)
    device.user = user
    return device


def _begun_kind(user: User, device_id: int) -> str:
    found = MFADevice.objects.filter(user=user, pk=device_id, confirmed=False)
    kind = found.values_list("kind", flat=True).first()
    if kind is None:
        raise Refusal(Reason.NO_SUCH_DEVICE)
    return str(kind)
