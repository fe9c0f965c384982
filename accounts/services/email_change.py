"""Changes the e-mail address of an account: the new one has to confirm, the old one is told."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

import clock
from accounts import emails_profile as emails
from accounts import text
from accounts.audit_tags import Tag
from accounts.models import EmailChange, PortalSession, User
from accounts.reasons import Reason
from accounts.services import throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

CHANGES_PER_HOUR = 5
MAILS_PER_HOUR = 3
_HOUR = timedelta(hours=1)


def ask(*, user: User, email: str, actor: User, reason: str = "") -> EmailChange:
    """Mail a link to the new address and a notice to the old; nothing changes before the link.

    ``actor`` is the person, or the help desk agent who acts for them, has asked a policy and gives
    a ``reason``. An older wish dies. The answer is the same for an address that another account
    has: its owner gets a notice instead of a link. Raises ``Refusal`` TOO_MANY_EMAIL_CHANGES, or
    ALREADY_SO for the present address. Must not run in a longer transaction.
    """
    if text.key(email) == user.email_key and email == user.email:
        raise Refusal(Reason.ALREADY_SO)
    places = throttle.reserve(
        [
            Bucket(Purpose.EMAIL_CHANGE_PERSON, str(user.pk), CHANGES_PER_HOUR, _HOUR, _HOUR),
            Bucket(Purpose.EMAIL_CHANGE_MAIL, text.key(email), MAILS_PER_HOUR, _HOUR, _HOUR),
        ]
    )
    if not all(place.is_open for place in places.values()):
        raise Refusal(Reason.TOO_MANY_EMAIL_CHANGES)
    return _take_in(user.pk, email, actor, reason)


@transaction.atomic
def _take_in(user_pk: int, email: str, actor: User, reason: str) -> EmailChange:
    now = clock.now()
    user = User.objects.select_for_update().get(pk=user_pk)
    EmailChange.objects.filter(user=user, status=EmailChange.Status.PENDING).update(
        status=EmailChange.Status.SUPERSEDED, finished_at=now
    )
    change = EmailChange.objects.create(
        user=user,
        asked_by=actor,
        old_email=user.email,
        new_email=email,
        security_version=user.security_version,
        created_at=now,
        expires_at=now + settings.EMAIL_CHANGE_LINK_LIFETIME,
    )
    owner = User.objects.filter(email_key=text.key(email)).exclude(pk=user.pk).first()
    events.record(
        Tag.EMAIL_CHANGE_ASKED,
        actor=actor,
        target=user,
        reason=reason,
        before={"email": user.email},
        after={"email": email},
    )
    if owner is None:
        emails.confirm_email(change)
    else:
        emails.email_wanted_by_another(owner)
    emails.email_change_asked(change)
    return change


@transaction.atomic
def confirm(*, change_id: int) -> User:
    """Make the new address the account's. Open sessions stay, every older link dies.

    Raises ``Refusal`` EMAIL_LINK_OVER for a link that is used, replaced, canceled, too old or of
    before another change of the account, and EMAIL_TAKEN when another account was first.
    """
    user = User.objects.select_for_update().filter(email_changes=change_id).first()
    change = EmailChange.objects.pending(clock.now()).filter(pk=change_id).first()
    if user is None or change is None:
        raise Refusal(Reason.EMAIL_LINK_OVER)
    _move(user, change)
    change.finish(EmailChange.Status.CONFIRMED, at=clock.now())
    change.save()
    events.record(
        Tag.EMAIL_CHANGED,
        actor=user,
        target=user,
        before={"email": change.old_email},
        after={"email": change.new_email},
    )
    emails.email_changed(user, old_email=change.old_email)
    return user


def _move(user: User, change: EmailChange) -> None:
    """Write the address, and a new security version that only the open sessions learn of."""
    version = user.security_version
    user.email = change.new_email
    user.clean()
    user.security_version += 1
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_key", "security_version"])
    except IntegrityError as error:
        raise Refusal(Reason.EMAIL_TAKEN) from error
    PortalSession.objects.filter(user=user, ended_at=None, security_version=version).update(
        security_version=F("security_version") + 1
    )


@transaction.atomic
def cancel(*, user: User) -> None:
    """Let the wish go; its link is dead. Raises ``Refusal`` ALREADY_SO when there is none."""
    User.objects.select_for_update().get(pk=user.pk)
    change = EmailChange.objects.filter(user=user, status=EmailChange.Status.PENDING).first()
    if change is None:
        raise Refusal(Reason.ALREADY_SO)
    change.finish(EmailChange.Status.CANCELED, at=clock.now())
    change.save()
    events.record(
        Tag.EMAIL_CHANGE_CANCELED, actor=user, target=user, after={"email": change.new_email}
    )


def find(*, change_id: int) -> EmailChange | None:
    """The wish a link stands for while it can be used, with its person; else None."""
    pending = EmailChange.objects.pending(clock.now())
    return pending.select_related("user").filter(pk=change_id).first()


def pending_of(user: User) -> EmailChange | None:
    """The wish that still waits for its link, if there is one."""
    return EmailChange.objects.pending(clock.now()).filter(user=user).first()
