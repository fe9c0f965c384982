"""Takes in a registration, sends its link, and turns it into an account."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

import clock
from accounts import answers, emails, text
from accounts.audit_tags import Tag
from accounts.models import Registration, User
from accounts.reasons import Reason
from accounts.services import sessions, throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

SUBMISSIONS_PER_HOUR = 60
MAILS_PER_HOUR = 5
NOTICES_PER_DAY = 1
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
KEPT_AFTER_END = timedelta(days=7)


def submit(
    *,
    person: Mapping[str, str],
    email: str,
    user_id: str,
    password: str,
    challenge_answers: Mapping[str, str],
    browser_token: str,
    address: str,
    terms_accepted_at: Any,
) -> None:
    """Take in a complete, checked registration.

    The same work and the same answer for a free and a known e-mail address: a new one gets the
    link, a known one's owner gets a notice. Nothing of the person is kept for a known address.
    What another browser registered with this address goes on waiting beside it.
    The owner of a known User ID is told, too; the link then asks for another one.
    Raises ``Refusal`` TOO_MANY_FROM_ADDRESS.
    """
    if not throttle.is_allowed(_address_bucket(address)):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    may_mail = throttle.is_allowed(_mail_bucket(email))
    may_tell = throttle.is_allowed(_notice_bucket(user_id))
    now = clock.now()
    registration = Registration(
        **person,
        user_id=user_id,
        user_id_key=text.key(user_id),
        email=email,
        email_key=text.key(email),
        password=make_password(password),
        answers={name: answers.make_hash(answer) for name, answer in challenge_answers.items()},
        browser_hash=sessions.hash_of(browser_token),
        terms_version=settings.TERMS_VERSION,
        terms_accepted_at=terms_accepted_at,
        address=address or None,
        created_at=now,
        expires_at=now + settings.REGISTRATION_LINK_LIFETIME,
    )
    _take_in(registration, may_mail=may_mail, may_tell=may_tell)


@transaction.atomic
def _take_in(registration: Registration, *, may_mail: bool, may_tell: bool) -> None:
    lock_email(registration.email_key)
    owner = User.objects.filter(email_key=registration.email_key).first()
    if owner is not None:
        events.record(
            Tag.REGISTER_EMAIL_TAKEN, actor=None, target=owner, outcome="refused", reason="known"
        )
        if may_mail:
            emails.email_already_known(owner)
        return
    Registration.objects.filter(
        email_key=registration.email_key, browser_hash=registration.browser_hash
    ).drop(at=registration.created_at)
    registration.save()
    events.record(Tag.REGISTER, actor=None, target=registration)
    holder = User.objects.filter(user_id_key=registration.user_id_key).first()
    if may_mail:
        emails.registration_received(registration, user_id_taken=holder is not None)
    if holder is not None and holder.is_active and may_tell:
        emails.user_id_wanted(holder)


def resend(*, email: str, browser_token: str) -> None:
    """Send a newer link to the address this browser registered; the older link dies.

    Answers alike whether or not there is something to send, and at most five mails leave an hour.
    """
    _send_again(text.key(email), browser_token, may_mail=throttle.is_allowed(_mail_bucket(email)))


@transaction.atomic
def _send_again(email_key: str, browser_token: str, *, may_mail: bool) -> None:
    now = clock.now()
    lock_email(email_key)
    registration = (
        Registration.objects.select_for_update()
        .filter(
            email_key=email_key,
            browser_hash=sessions.hash_of(browser_token),
            status=Registration.Status.PENDING,
        )
        .first()
    )
    if registration is None:
        owner = User.objects.filter(email_key=email_key).first()
        if owner is not None and may_mail:
            emails.email_already_known(owner)
        return
    if not may_mail:
        return
    registration.renew(at=now, until=now + settings.REGISTRATION_LINK_LIFETIME)
    registration.save()
    events.record(Tag.REGISTER_RESENT, actor=None, target=registration)
    emails.registration_received(registration, user_id_taken=is_user_id_taken(registration))


def find(*, registration_id: int, link_number: int) -> Registration | None:
    """The registration a link leads to, also one already activated; None for a dead link."""
    return (
        Registration.objects.filter(pk=registration_id, link_number=link_number)
        .filter(
            Q(status=Registration.Status.ACTIVATED)
            | Q(status=Registration.Status.PENDING, expires_at__gt=clock.now())
        )
        .first()
    )


def why_over(*, registration_id: int, link_number: int) -> Reason:
    """Why a link leads nowhere: another registration got the address, or its time is over."""
    dropped = Registration.objects.filter(
        pk=registration_id, link_number=link_number, status=Registration.Status.SUPERSEDED
    )
    is_taken = User.objects.filter(email_key__in=dropped.values("email_key")).exists()
    return Reason.EMAIL_TAKEN if is_taken else Reason.LINK_OVER


def is_user_id_taken(registration: Registration) -> bool:
    """Whether the owner of the link has to choose another User ID."""
    return User.objects.filter(user_id_key=registration.user_id_key).exists()


def is_same_browser(registration: Registration, browser_token: str) -> bool:
    """Whether this browser is the one in which the registration was made."""
    return bool(browser_token) and constant_time_compare(
        registration.browser_hash, sessions.hash_of(browser_token)
    )


def delete_over() -> int:
    """Delete registrations that are over, with all they hold; returns how many."""
    now = clock.now()
    deleted, _ = Registration.objects.filter(
        Q(status=Registration.Status.PENDING, expires_at__lt=now - timedelta(days=1))
        | Q(finished_at__lt=now - KEPT_AFTER_END)
    ).delete()
    return deleted


def lock_email(email_key: str) -> None:
    """Let registrations and activations of one address wait for each other till the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"registration:{email_key}"]
        )


def _address_bucket(address: str) -> Bucket:
    return Bucket(Purpose.REGISTER_ADDRESS, address, SUBMISSIONS_PER_HOUR, _HOUR, _HOUR)


def _mail_bucket(email: str) -> Bucket:
    return Bucket(Purpose.REGISTER_MAIL, text.key(email), MAILS_PER_HOUR, _HOUR, _HOUR)


def _notice_bucket(user_id: str) -> Bucket:
    """Few notices for the owner of a User ID that many would like to have."""
    name = f"user-id:{text.key(user_id)}"
    return Bucket(Purpose.REGISTER_MAIL, name, NOTICES_PER_DAY, _DAY, _DAY)
