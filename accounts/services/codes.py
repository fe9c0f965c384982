"""Gives security codes to people: by text, voice or e-mail, once in an emergency, or on paper."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

import clock
from accounts import emails_second_factor, gateways, sealing
from accounts.audit_tags import Tag
from accounts.models import MFADevice, SecurityCode, User
from accounts.reasons import Reason
from accounts.services import throttle
from accounts.verdicts import Refusal
from audit import events

_HOUR = timedelta(hours=1)
_KEPT_AFTER_THE_END = timedelta(days=2)
_Kind = SecurityCode.Kind


def send(*, user: User, device: MFADevice) -> SecurityCode:
    """Send a new code to a device; the one before is dead from then on.

    E-mail goes through the outbox, text and voice straight to the gateway, after the commit. Must
    not run within a transaction. Raises ``Refusal`` CODE_NOT_NEEDED for a device that makes its
    own codes, CODE_TOO_SOON within a minute of the last one, CODE_TOO_MANY beyond five an hour
    over all devices of the kind, those that are gone included, CODE_TARGET_BUSY beyond five an hour
    to a number that nobody has proven to hold yet, over all people, CODE_NOT_SENT when the gateway
    did not take it.
    """
    if not device.is_sent_codes:
        raise Refusal(Reason.CODE_NOT_NEEDED)
    code = _write(user, device) if device.confirmed else _write_to_stranger(user, device)
    if device.kind != MFADevice.Kind.EMAIL:
        _hand_over(code, device)
    return code


def _write_to_stranger(user: User, device: MFADevice) -> SecurityCode:
    """Count what goes to a number or address that may belong to somebody else altogether.

    Codes to devices in use are not counted here: nobody can close them for their owner.
    """
    counter = throttle.Bucket(
        throttle.Purpose.CODE_TARGET,
        device.target,
        settings.SECURITY_CODES_PER_HOUR,
        _HOUR,
        _HOUR,
    )
    if not throttle.is_allowed(counter):
        raise Refusal(Reason.CODE_TARGET_BUSY)
    try:
        return _write(user, device)
    except Refusal:
        throttle.give_back(counter)
        raise


@transaction.atomic(durable=True)
def _write(user: User, device: MFADevice) -> SecurityCode:
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    now = clock.now()
    _ask(user, device)
    open_codes = SecurityCode.objects.filter(
        user=user, device=device, used_at=None, replaced_at=None, kind=_Kind.SENT
    )
    open_codes.update(replaced_at=now)
    code = _make(
        user=user,
        device=device,
        kind=_Kind.SENT,
        channel=device.kind,
        target_hash=sealing.digest_of_target(device.target),
        expires_at=now + settings.SECURITY_CODE_LIFETIME,
    )
    events.record(Tag.CODE_SENT, actor=user, target=device, reason=device.kind)
    if device.kind == MFADevice.Kind.EMAIL:
        emails_second_factor.security_code(code)
    return code


def _ask(user: User, device: MFADevice) -> None:
    """Refuse when a code of this kind left a moment ago, or too many did within the hour."""
    now = clock.now()
    sent = list(
        SecurityCode.objects.filter(
            user=user, channel=device.kind, created_at__gt=now - _HOUR
        ).values_list("created_at", flat=True)
    )
    if sent and now - max(sent) < settings.SECURITY_CODE_RESEND_AFTER:
        raise Refusal(Reason.CODE_TOO_SOON)
    if len(sent) >= settings.SECURITY_CODES_PER_HOUR:
        raise Refusal(Reason.CODE_TOO_MANY)


def _hand_over(code: SecurityCode, device: MFADevice) -> None:
    gateway = gateways.get()
    try:
        if device.kind == MFADevice.Kind.TEXT:
            words = _("Your security code for the CMS Enterprise Portal is %(code)s.")
            gateway.send_text(
                device.phone, words % {"code": emails_second_factor.code_marker(code)}
            )
        else:
            words = _("Your security code for the CMS Enterprise Portal is: %(code)s. Again:")
            marker = emails_second_factor.spoken_code_marker(code)
            gateway.place_call(
                device.phone, device.extension, f"{words % {'code': marker}} {marker}."
            )
    except gateways.NotDeliveredError as error:
        SecurityCode.objects.filter(pk=code.pk, used_at=None).update(replaced_at=clock.now())
        raise Refusal(Reason.CODE_NOT_SENT) from error


def is_under_way(device: MFADevice) -> bool:
    """Whether a code that is still good was sent to the device."""
    return SecurityCode.objects.filter(
        device=device, used_at=None, replaced_at=None, expires_at__gt=clock.now()
    ).exists()


def outlive(devices: models.QuerySet[MFADevice]) -> None:
    """Void the codes of devices that are about to go; what was sent stays, because it counts.

    Otherwise whoever adds and removes devices could have codes sent without end.
    """
    of_these = SecurityCode.objects.filter(device__in=devices)
    of_these.filter(kind=_Kind.SENT, used_at=None, replaced_at=None).update(replaced_at=clock.now())
    of_these.exclude(kind=_Kind.SENT).delete()


@transaction.atomic
def issue_one_time(
    *, user: User, by: User | None = None, mailed: bool = True, reason: str = ""
) -> SecurityCode:
    """Give somebody a One-Time Security Code: 24 hours, one use, the newest only.

    ``mailed`` sends it to the address of the profile; else ``readable`` tells it to the agent
    ``by`` who reads it out to a verified caller, for ``reason``.
    """
    now = clock.now()
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    SecurityCode.objects.filter(
        user=user, kind=_Kind.ONE_TIME, used_at=None, replaced_at=None
    ).update(replaced_at=now)
    code = _make(
        user=user,
        kind=_Kind.ONE_TIME,
        issued_by=by,
        expires_at=now + settings.ONE_TIME_CODE_LIFETIME,
    )
    events.record(
        Tag.ONE_TIME_CODE,
        actor=by,
        target=user,
        reason=reason or ("mailed" if mailed else "read_out"),
        after={"mailed": mailed},
    )
    if mailed:
        emails_second_factor.one_time_security_code(code)
    return code


def readable(code: SecurityCode) -> str:
    """The code itself, made anew; show it once, to the person it is for or their agent."""
    return sealing.code_of(code.nonce)


@transaction.atomic
def make_recovery_codes(*, device: MFADevice) -> list[str]:
    """Write a new set of recovery codes and void the old one; returns them to be shown once."""
    SecurityCode.objects.filter(device=device, used_at=None, replaced_at=None).update(
        replaced_at=clock.now()
    )
    texts = [sealing.new_recovery_code() for _number in range(settings.RECOVERY_CODE_COUNT)]
    rows = []
    for text in texts:
        nonce = sealing.new_nonce()
        rows.append(
            SecurityCode(
                user_id=device.user_id,
                device=device,
                kind=_Kind.RECOVERY,
                nonce=nonce,
                hash=sealing.digest_of(nonce, text),
                created_at=clock.now(),
            )
        )
    SecurityCode.objects.bulk_create(rows)
    return texts


def recovery_codes_left(device: MFADevice) -> int:
    """How many recovery codes of a set have not been used."""
    return SecurityCode.objects.filter(device=device, used_at=None, replaced_at=None).count()


def delete_stale() -> int:
    """Delete codes that were over two days ago; returns how many."""
    before = clock.now() - _KEPT_AFTER_THE_END
    deleted, _by_kind = SecurityCode.objects.filter(expires_at__lt=before).delete()
    return deleted


def _make(**fields: object) -> SecurityCode:
    nonce = sealing.new_nonce()
    return SecurityCode.objects.create(
        nonce=nonce,
        hash=sealing.digest_of(nonce, sealing.code_of(nonce)),
        created_at=clock.now(),
        **fields,
    )
