"""Turns a proven registration into an account, once."""

from django.db import IntegrityError, transaction

import clock
from accounts import emails, text
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
from accounts.verdicts import Refusal
from audit import events

_COPIED = (*Registration.PERSONAL, "language", "user_id", "user_id_key", "email", "email_key")


@transaction.atomic
def activate(*, registration_id: int, link_number: int, user_id: str | None = None) -> User:
    """Open the account that a link stands for, under another User ID when one is given.

    Raises ``Refusal`` LINK_OVER for an old, used or replaced link, EMAIL_TAKEN when an account
    has this address by now, USER_ID_TAKEN when another User ID has to be chosen. Of two people
    who want one User ID at the same moment the database lets one have it.
    """
    now = clock.now()
    try:
        registration = Registration.objects.for_link(registration_id, link_number, now)
    except Registration.DoesNotExist:
        raise Refusal(Reason.LINK_OVER) from None
    if user_id is not None:
        registration.user_id, registration.user_id_key = user_id, text.key(user_id)
    user = _create_user(registration)
    _add_credentials(user, registration)
    registration.activate(at=now)
    registration.save()
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
