"""This was not me: the owner of an account stops it, and the help desk takes over.

``emails*.py`` put ``link(user, event)`` into the mail about a change, in its transaction, and show
it with ``emails/account_parts/not_me.txt`` and ``.html``.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

import clock
from accounts import emails_cases as emails
from accounts import text
from accounts.audit_tags import Tag
from accounts.models import (
    AccountEvent,
    Disavowal,
    PasswordReset,
    PortalSession,
    SecurityCase,
    User,
)
from accounts.reasons import Reason
from accounts.services import proof_withdrawal, sessions
from accounts.verdicts import Refusal
from audit import events
from notifications import links

PURPOSE = "accounts.disavowal"
_KEPT_AFTER_THE_END = timedelta(days=7)
# Nothing that sounds or looks like another one on the phone.
_REFERENCE_ALPHABET = "ACEFGHJKMNPQRTUVWXY34679"


def link(user: User, event: AccountEvent, *, email: str = "") -> str:
    """Give the placeholder of a link by which ``user`` can disown ``event``, for ten days, once.

    ``email`` is where the mail goes when that is not the person's present address. Writes a row
    in the caller's transaction.
    """
    row = Disavowal.objects.create(
        user=user, event=event, email=email or user.email, created_at=clock.now()
    )
    return links.placeholder(PURPOSE, row.pk)


def known_addresses(user: User) -> list[str]:
    """Where the owner can be reached: the present address and those left in the last ten days."""
    left = Disavowal.objects.filter(
        user=user,
        event=AccountEvent.EMAIL_CHANGED,
        created_at__gte=clock.now() - settings.DISAVOWAL_LIFETIME,
    ).order_by("pk")
    addresses = (*left.values_list("email", flat=True), user.email)
    found = {address.lower(): address for address in addresses}
    return list(found.values())


def find(*, disavowal_id: int) -> Disavowal | None:
    """The disavowal a link stands for while it can be used, else None."""
    since = clock.now() - settings.DISAVOWAL_LIFETIME
    return (
        Disavowal.objects.select_related("user")
        .filter(pk=disavowal_id, used_at=None, created_at__gt=since)
        .first()
    )


@transaction.atomic
def disown(*, disavowal_id: int, address: str) -> SecurityCase:
    """Freeze the account, end its sessions and open a case, once.

    Nobody signs in until a help desk has given the account back and a new password is set. A
    changed e-mail address goes back to the one that disowns the change; a proof of identity that
    somebody else gave is none, and the roles that rest on it end.
    Raises ``Refusal`` DISAVOWAL_OVER.
    """
    found = find(disavowal_id=disavowal_id)
    if found is None:
        raise Refusal(Reason.DISAVOWAL_OVER)
    user = User.objects.select_for_update().get(pk=found.user_id)
    now = clock.now()
    # The person's row is the lock: of two clicks the second finds the link used.
    if not Disavowal.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise Refusal(Reason.DISAVOWAL_OVER)
    user.freeze(at=user.frozen_at or now)
    addresses = known_addresses(user)
    restored = _restore_email(user, found)
    user.save()
    sessions.end_all(user=user, reason=PortalSession.End.ACCOUNT_CHANGED)
    PasswordReset.objects.filter(user=user, status__in=PasswordReset.ALIVE).update(
        status=PasswordReset.Status.OVER, browser_hash="", finished_at=now
    )
    proof_withdrawal.stop_inquiries(user)
    case = _open_case(user, found, address)
    Disavowal.objects.filter(pk=found.pk).update(case=case)
    events.record(
        Tag.FREEZE,
        actor=None,
        target=user,
        reason=found.event,
        after={"case": case.reference, "event_at": found.created_at.isoformat(), **restored},
    )
    if proof_withdrawal.concerns(found, user):
        proof_withdrawal.withdraw(user, case)
    emails.account_frozen(user, case=case, addresses=addresses)
    return case


def _restore_email(user: User, found: Disavowal) -> dict[str, str]:
    """Give the account back the address that disowns its loss, so that a recovery goes there.

    Whoever opened the link reads that mailbox. Nothing is restored when another account has
    the address by now.
    """
    if found.event != AccountEvent.EMAIL_CHANGED or text.key(found.email) == user.email_key:
        return {}
    if User.objects.filter(email_key=text.key(found.email)).exists():
        return {}
    user.email = found.email
    user.clean()
    return {"email": found.email}


def _open_case(user: User, found: Disavowal, address: str) -> SecurityCase:
    """The open case of this person, or a new one."""
    case = SecurityCase.objects.filter(user=user, closed_at=None).first()
    return case or SecurityCase.objects.create(
        reference=_new_reference(),
        user=user,
        event=found.event,
        event_at=found.created_at,
        opened_at=clock.now(),
        address=address or None,
    )


def _new_reference() -> str:
    letters = "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


@transaction.atomic
def close_case(
    *, case_id: int, actor: User, resolution: SecurityCase.Resolution, note: str
) -> SecurityCase:
    """Close a case; unless the account stays closed, its owner may now set a new password.

    The caller has asked whether ``actor`` may do this and verified the person. Raises ``Refusal``
    OWN_ACCOUNT, CASE_CLOSED or REASON_MISSING, and ``SecurityCase.DoesNotExist``.
    """
    person_id = SecurityCase.objects.values_list("user_id", flat=True).get(pk=case_id)
    user = User.objects.select_for_update().get(pk=person_id)
    case = SecurityCase.objects.select_for_update().get(pk=case_id)
    if actor.pk == user.pk:
        raise Refusal(Reason.OWN_ACCOUNT)
    if case.closed_at is not None:
        raise Refusal(Reason.CASE_CLOSED)
    if not note.strip():
        raise Refusal(Reason.REASON_MISSING)
    case.close(by=actor, at=clock.now(), resolution=resolution, note=note.strip()[:300])
    case.save()
    stays_closed = resolution == SecurityCase.Resolution.CLOSED
    if not stays_closed:
        user.unfreeze()
        user.save()
    events.record(
        Tag.CASE_CLOSED,
        actor=actor,
        target=user,
        reason=case.note,
        after={"case": case.reference, "resolution": str(resolution)},
    )
    emails.case_closed(user, case=case, stays_closed=stays_closed)
    return case


def delete_stale() -> int:
    """Delete what nobody used while it could be used, with the address in it; returns how many."""
    over = clock.now() - settings.DISAVOWAL_LIFETIME - _KEPT_AFTER_THE_END
    deleted, _by_kind = Disavowal.objects.filter(used_at=None, created_at__lt=over).delete()
    return deleted
