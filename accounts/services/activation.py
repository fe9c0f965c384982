"""Turns a proven registration into an account, once."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction

import clock
from accounts import emails, passwords, text
from accounts.audit_tags import Tag
from accounts.data import rules_of_behavior
from accounts.models import (
    ChallengeAnswer,
    PasswordHistory,
    Registration,
    TermsAcceptance,
    User,
)
from accounts.reasons import Reason
from accounts.services import failures, throttle
from accounts.services import registration as registrations
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

_COPIED = (*Registration.PERSONAL, "language", "user_id", "user_id_key", "email", "email_key")


def activate(
    *,
    registration_id: int,
    link_number: int,
    browser_token: str = "",
    password: str = "",
    user_id: str | None = None,
) -> User:
    """Open the account that a link stands for, under another User ID when one is given.

    The link proves the mailbox, not who registered: a browser other than the one that did has to
    know the password chosen there. Raises ``Refusal`` LINK_OVER for an old, used or replaced link,
    ACTIVATION_REFUSED for a wrong password or too many of them, EMAIL_TAKEN when an account
    has this address by now, USER_ID_TAKEN when another User ID has to be chosen. Of two people
    who want one User ID at the same moment the database lets one have it.
    """
    found = registrations.find(registration_id=registration_id, link_number=link_number)
    if found is None or found.status != Registration.Status.PENDING:
        raise Refusal(
            registrations.why_over(registration_id=registration_id, link_number=link_number)
        )
    if not registrations.is_same_browser(found, browser_token):
        _check_password(found, password)
    return _open(found, user_id)


def _check_password(registration: Registration, password: str) -> None:
    """Judge the password of a registration; five wrong ones close its link for an hour."""
    counter = Bucket(
        Purpose.ACTIVATION,
        str(registration.pk),
        settings.SIGN_IN_FAILURE_LIMIT,
        settings.SIGN_IN_FAILURE_WINDOW,
        settings.SIGN_IN_LOCK,
    )
    is_open = throttle.reserve([counter])[counter.purpose].is_open
    if not (
        is_open
        and passwords.is_storable(password)
        and check_password(password, registration.password)
    ):
        events.record(
            Tag.ACTIVATE_FAILED,
            actor=None,
            target=registration,
            outcome="refused",
            reason="failed" if is_open else "not_evaluated",
            after=failures.browser_used(),
        )
        raise Refusal(Reason.ACTIVATION_REFUSED)
    throttle.clear(counter)


@transaction.atomic
def _open(found: Registration, user_id: str | None) -> User:
    """Make the account and end what else waits for its address, all or nothing."""
    now = clock.now()
    registrations.lock_email(found.email_key)
    try:
        registration = Registration.objects.for_link(found.pk, found.link_number, now)
    except Registration.DoesNotExist:
        reason = registrations.why_over(registration_id=found.pk, link_number=found.link_number)
        raise Refusal(reason) from None
    if user_id is not None:
        registration.user_id, registration.user_id_key = user_id, text.key(user_id)
    user = _create_user(registration)
    _add_credentials(user, registration)
    registration.activate(at=now)
    registration.save()
    Registration.objects.filter(email_key=registration.email_key).drop(at=now)
    events.record(
        Tag.ACTIVATE, actor=user, target=user, after={"user_id": user.user_id, "email": user.email}
    )
    emails.account_activated(user)
    return user


def _create_user(registration: Registration) -> User:
    user = User(
        **{name: getattr(registration, name) for name in _COPIED},
        password=registration.password,
        password_changed_at=registration.created_at,
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if User.objects.filter(email_key=registration.email_key).exists():
            raise Refusal(Reason.EMAIL_TAKEN) from error
        if User.objects.filter(user_id_key=registration.user_id_key).exists():
            raise Refusal(Reason.USER_ID_TAKEN) from error
        raise
    return user


def _add_credentials(user: User, registration: Registration) -> None:
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(user=user, question=question, hash=hashed)
        for question, hashed in registration.answers.items()
    )
    PasswordHistory.objects.create(
        user=user, hash=registration.password, set_at=registration.created_at
    )
    versions = {
        TermsAcceptance.Document.TERMS: registration.terms_version,
        TermsAcceptance.Document.RULES_OF_BEHAVIOR: rules_of_behavior.VERSION,
    }
    TermsAcceptance.objects.bulk_create(
        TermsAcceptance(
            user=user,
            document=document,
            version=version,
            accepted_at=registration.terms_accepted_at,
            address=registration.address,
        )
        for document, version in versions.items()
    )
