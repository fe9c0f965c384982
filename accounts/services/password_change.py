"""A person who is signed in changes the password."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

import clock
from accounts import emails_recovery as emails
from accounts import passwords
from accounts.audit_tags import Tag
from accounts.models import PortalSession, User
from accounts.reasons import Reason
from accounts.services import new_passwords, throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events


def change(*, session: PortalSession, current: str, password: str) -> User:
    """Replace the password; this session goes on, all others end, and the owner is told.

    The form has checked the rules for a new password. Raises ``Refusal`` PASSWORD_WRONG, counted
    before it is judged; PASSWORD_TOO_YOUNG or PASSWORD_USED_BEFORE.
    """
    user = session.user
    bucket = _bucket(user)
    place = throttle.reserve([bucket])[bucket.purpose]
    is_right = passwords.is_storable(current) and check_password(current, user.password)
    if not place.is_open or not is_right:
        _record_failure(user, Reason.PASSWORD_WRONG)
        raise Refusal(Reason.PASSWORD_WRONG)
    throttle.clear(bucket)
    if new_passwords.was_changed_lately(user, clock.now()):
        _record_failure(user, Reason.PASSWORD_TOO_YOUNG)
        raise Refusal(Reason.PASSWORD_TOO_YOUNG)
    new_passwords.refuse_used_before(user, password)
    return _change(session, make_password(password))


@transaction.atomic
def _change(session: PortalSession, encoded: str) -> User:
    user = User.objects.select_for_update().get(pk=session.user_id)
    if user.security_version != session.user.security_version or not user.is_active:
        raise Refusal(Reason.PASSWORD_WRONG)  # somebody else was faster
    now = clock.now()
    new_passwords.store(user, encoded, now)
    PortalSession.objects.filter(user=user, ended_at=None).exclude(pk=session.pk).update(
        ended_at=now, end_reason=PortalSession.End.ACCOUNT_CHANGED
    )
    session.user, session.security_version = user, user.security_version
    session.save(update_fields=["security_version"])
    events.record(Tag.PASSWORD_CHANGED, actor=user, target=user)
    emails.password_changed(user, at=now)
    return user


def _bucket(user: User) -> Bucket:
    return Bucket(
        Purpose.PASSWORD_CHANGE,
        str(user.pk),
        settings.SIGN_IN_FAILURE_LIMIT,
        settings.SIGN_IN_FAILURE_WINDOW,
        settings.SIGN_IN_LOCK,
    )


def _record_failure(user: User, reason: Reason) -> None:
    events.record(
        Tag.PASSWORD_CHANGE_FAILED, actor=user, target=user, outcome="refused", reason=reason
    )
