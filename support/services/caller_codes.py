"""Codes by which a caller proves to an agent who is calling; the agent never sees one first."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

import clock
from accounts import sealing
from accounts.assurance import Strength, strength_of
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events
from support.audit_tags import Tag
from support.models import CallerCode, Contact
from support.reasons import Reason

RESEND_AFTER = timedelta(minutes=1)


def shown_to(person: User) -> tuple[str, datetime] | None:
    """Return the code that a signed-in person reads from the page and its end, if one is good.

    None that was made in a session stronger than this one.
    """
    code = _good(person, None).filter(strength__lte=strength_of(person)).first()
    return (sealing.code_of(code.nonce), code.expires_at) if code else None


@transaction.atomic
def make(*, person: User) -> CallerCode:
    """Make the code that a signed-in person reads to the help desk; an older one is dead."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    code = _replace(person, None, strength_of(person))
    events.record(Tag.CODE_MADE, actor=person, target=person)
    return code


def make_for(contact: Contact, *, strength: Strength) -> CallerCode:
    """Make a code for one contact in the caller's transaction, under the lock on the person.

    ``strength`` is that of the device it is sent to.

    Raises ``Refusal`` CODE_NOT_NOW within a minute of the last one, and after five in an hour.
    """
    now = clock.now()
    recent = CallerCode.objects.filter(
        person=contact.person_id, contact__isnull=False, created_at__gt=now - timedelta(hours=1)
    ).values_list("created_at", flat=True)
    times = sorted(recent)
    too_soon = times and now - times[-1] < RESEND_AFTER
    if too_soon or len(times) >= settings.HELP_DESK_CODE_SENDS_AN_HOUR:
        raise Refusal(Reason.CODE_NOT_NOW)
    return _replace(contact.person, contact, strength)


def judge(*, contact: Contact, typed: str) -> tuple[Contact.Way, Strength] | None:
    """Judge what the caller read, in the caller's transaction, under the lock on the person.

    Each try is counted against every code it is compared with; a code that was right, or wrong
    too often, is dead. Returns the way in which the caller was verified and how strongly, or None.
    """
    for scope, way in (
        (contact, Contact.Way.DEVICE_CODE),
        (None, Contact.Way.PORTAL_CODE),
    ):
        code = _good(contact.person, scope).select_for_update().first()
        if code is not None and _matches(code, typed):
            return way, Strength(code.strength)
    return None


def void(code: CallerCode) -> None:
    """Let a code die that never reached its person."""
    CallerCode.objects.filter(pk=code.pk, ended_at__isnull=True).update(ended_at=clock.now())


def _matches(code: CallerCode, typed: str) -> bool:
    is_match = sealing.digest_of(code.nonce, typed) == code.hash
    code.tries += 1
    if is_match or code.tries >= settings.HELP_DESK_CODE_TRIES:
        code.ended_at = clock.now()
    code.save(update_fields=["tries", "ended_at"])
    return is_match


def _good(person: User, contact: Contact | None) -> QuerySet[CallerCode]:
    codes = CallerCode.objects.filter(person=person, contact=contact, ended_at__isnull=True)
    return codes.filter(expires_at__gt=clock.now())


def _replace(person: User, contact: Contact | None, strength: Strength) -> CallerCode:
    now, nonce = clock.now(), sealing.new_nonce()
    CallerCode.objects.filter(person=person, contact=contact, ended_at__isnull=True).update(
        ended_at=now
    )
    return CallerCode.objects.create(
        person=person,
        contact=contact,
        nonce=nonce,
        hash=sealing.digest_of(nonce, sealing.code_of(nonce)),
        created_at=now,
        expires_at=now + settings.HELP_DESK_CODE_LIFETIME,
        strength=strength,
    )
