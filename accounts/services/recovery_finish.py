"""Sets the new password at the end of a recovery; nobody is signed in by it."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare

import clock
from accounts import emails_recovery as emails
from accounts.audit_tags import Tag
from accounts.models import PasswordReset, PortalSession, User
from accounts.reasons import Reason
from accounts.services import new_passwords, sessions, sign_in, throttle
from accounts.verdicts import Refusal
from audit import events


def find(*, reset_id: int, token: str) -> PasswordReset | None:
    """The recovery this browser has proven, while it is in time, else None."""
    reset = (
        PasswordReset.objects.select_related("user")
        .filter(pk=reset_id, status=PasswordReset.Status.PROVEN)
        .first()
    )
    is_theirs = reset is not None and constant_time_compare(
        reset.browser_hash, sessions.hash_of(token)
    )
    if reset is None or not is_theirs or not reset.is_good_for(clock.now()):
        return None
    return reset


def complete(*, reset_id: int, token: str, password: str) -> User:
    """Set the password, end every session, open an expired account, and tell all addresses.

    The form has checked the rules for a new password. Raises ``Refusal`` RESET_OVER or
    PASSWORD_USED_BEFORE.
    """
    reset = find(reset_id=reset_id, token=token)
    if reset is None:
        raise Refusal(Reason.RESET_OVER)
    new_passwords.refuse_used_before(reset.user, password)
    return _complete(reset, token, make_password(password))


@transaction.atomic
def _complete(reset: PasswordReset, token: str, encoded: str) -> User:
    user = User.objects.select_for_update().get(pk=reset.user_id)
    proven = find(reset_id=reset.pk, token=token)
    if proven is None:
        raise Refusal(Reason.RESET_OVER)
    now = clock.now()
    had_expired = user.expired_at is not None
    new_passwords.store(user, encoded, now)
    proven.finish(PasswordReset.Status.USED, at=now)
    proven.save()
    sessions.end_all(user=user, reason=PortalSession.End.ACCOUNT_CHANGED)
    # A way out of a lock: the owner was just proven. Known browsers are strangers from now on.
    throttle.clear(sign_in.account_bucket(user.user_id, None))
    events.record(
        Tag.PASSWORD_RESET,
        actor=user,
        target=user,
        reason=proven.proven_by,
        before={"expired": True} if had_expired else None,
    )
    emails.password_reset(user, at=now)
    return user
