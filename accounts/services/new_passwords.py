"""What every new password goes through, whether it was changed or comes after a recovery."""

from datetime import datetime

from django.contrib.auth.hashers import check_password

from accounts import passwords
from accounts.models import PasswordHistory, User
from accounts.reasons import Reason
from accounts.verdicts import Refusal


def refuse_used_before(user: User, password: str) -> None:
    """Compare with the last passwords of this person, a hash each; not inside a transaction.

    Raises ``Refusal`` PASSWORD_USED_BEFORE.
    """
    earlier = PasswordHistory.objects.filter(user=user).order_by("-set_at", "-pk")
    for encoded in earlier.values_list("hash", flat=True)[: passwords.history_length()]:
        if check_password(password, encoded):
            raise Refusal(Reason.PASSWORD_USED_BEFORE)


def was_changed_lately(user: User, now: datetime) -> bool:
    """Whether the password is too young to be changed again; the first one never is."""
    dates = PasswordHistory.objects.filter(user=user).order_by("-set_at", "-pk")
    newest = list(dates.values_list("set_at", flat=True)[:2])
    return len(newest) == 2 and now - newest[0] < passwords.minimum_age()


def store(user: User, encoded: str, now: datetime) -> None:
    """Give a locked person a hashed password, in the caller's transaction."""
    user.replace_password(encoded, at=now)
    user.save()
    PasswordHistory.objects.create(user=user, hash=encoded, set_at=now)
