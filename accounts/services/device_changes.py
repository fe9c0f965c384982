"""Names, prefers and removes second factors that are in use."""

from django.db import transaction

from accounts import assurance, emails_mfa
from accounts.assurance import Strength
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, User
from accounts.models.devices import NAME_MAX_LENGTH
from accounts.reasons import Reason
from accounts.services import codes, devices
from accounts.verdicts import Refusal
from audit import events


@transaction.atomic
def rename(*, user: User, device_id: int, name: str) -> MFADevice:
    """Give a device another name. Raises ``Refusal`` NO_SUCH_DEVICE."""
    device = _of(devices.locked_owner(user), device_id)
    before, device.name = device.name, name.strip()[:NAME_MAX_LENGTH] or device.name
    if before == device.name:
        return device
    device.save(update_fields=["name"])
    events.record(
        Tag.DEVICE_RENAMED,
        actor=user,
        target=device,
        before={"name": before},
        after={"name": device.name},
    )
    emails_mfa.device_renamed(device, before=before)
    return device


@transaction.atomic
def make_default(*, user: User, device_id: int) -> MFADevice:
    """Let a device be offered first. Raises ``Refusal`` NO_SUCH_DEVICE."""
    device = _of(devices.locked_owner(user), device_id)
    if device.is_default:
        return device
    MFADevice.objects.filter(user=user, is_default=True).update(is_default=False)
    device.is_default = True
    device.save(update_fields=["is_default"])
    events.record(Tag.DEVICE_DEFAULT, actor=user, target=device)
    emails_mfa.default_changed(device)
    return device


@transaction.atomic
def remove(
    *,
    user: User,
    device_id: int,
    actor: User | None,
    reason: str = "",
    session: PortalSession | None = None,
) -> None:
    """Remove a device; every session of the person ends but ``session``, which was opened without.

    Its owner cannot remove the last one, or the last strong one, while their work demands one; a
    help desk can, with a reason, and so can those who run the server, for whom ``actor`` is None.
    Raises ``Refusal`` NO_SUCH_DEVICE, ONLY_DEVICE_NEEDED,
    LAST_DEVICE_NEEDED, REASON_MISSING.
    """
    owner = devices.locked_owner(user)
    device = _of(owner, device_id)
    by_owner = actor is not None and actor.pk == owner.pk
    if not (by_owner or reason.strip()):
        raise Refusal(Reason.REASON_MISSING)
    needed = _why_it_stays(owner, device) if by_owner else None
    if needed is not None:
        raise Refusal(needed)
    events.record(
        Tag.DEVICE_REMOVED,
        actor=actor,
        target=device,
        reason=reason.strip(),
        before={"kind": device.kind, "name": device.name},
        on_behalf_of=None if by_owner else owner,
    )
    others = [other for other in devices.confirmed_for(owner) if other.pk != device.pk]
    is_last = not any(devices.counts(other) for other in others)
    emails_mfa.device_removed(
        device,
        by_owner=by_owner,
        by_operator=actor is None,
        reason=reason.strip(),
        is_last=is_last,
    )
    _weaken_sessions(device)
    _delete(device)
    if is_last:
        # Codes on paper stand in for a device; alone they would be the only factor.
        for other in others:
            _delete(other)
    devices.refresh(owner, keep=session)


@transaction.atomic
def remove_all(*, user: User, actor: User | None, reason: str) -> int:
    """Remove every device of somebody else; each is recorded and told. Returns how many.

    The caller has asked whether ``actor`` may do this. Raises ``Refusal`` REASON_MISSING.
    """
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    removed = 0
    # Removing the last one takes recovery codes along, so the list is read anew each time.
    while found := devices.confirmed_for(user):
        remove(user=user, device_id=found[0].pk, actor=actor, reason=reason)
        removed += 1
    return removed


def _why_it_stays(user: User, device: MFADevice) -> Reason | None:
    """Why the person's work holds on to this device, as their last one or last strong one."""
    held = [other for other in devices.confirmed_for(user) if devices.counts(other)]
    if device.pk not in {one.pk for one in held}:
        return None
    others = [other.strength for other in held if other.pk != device.pk]
    is_last_strong = device.strength >= Strength.STRONG > max(others, default=Strength.NONE)
    if is_last_strong and assurance.needs_strong_factor(user):
        return Reason.LAST_DEVICE_NEEDED
    if not others and assurance.needs_device(user):
        return Reason.ONLY_DEVICE_NEEDED
    return None


def _weaken_sessions(device: MFADevice) -> None:
    """What was opened with a device that is gone counts as opened by password alone."""
    PortalSession.objects.filter(device=device, ended_at=None).update(
        strength=Strength.NONE, aal=Strength.NONE.aal, device=None, factor=""
    )


def _delete(device: MFADevice) -> None:
    credential = device.credential
    codes.outlive(MFADevice.objects.filter(pk=device.pk))
    device.delete()
    if credential is not None:
        credential.delete()


def _of(user: User, device_id: int) -> MFADevice:
    device = MFADevice.objects.filter(user=user, pk=device_id, confirmed=True).first()
    if device is None:
        raise Refusal(Reason.NO_SUCH_DEVICE)
    device.user = user
    return device
