"""Helps people who forgot something, without telling strangers anything."""

from datetime import timedelta

from django.db import transaction

from accounts import emails, text
from accounts.audit_tags import Tag
from accounts.models import User
from accounts.reasons import Reason
from accounts.services import throttle
from accounts.services.throttle import Bucket, Purpose
from accounts.verdicts import Refusal
from audit import events

_HOUR = timedelta(hours=1)
REQUESTS_PER_ADDRESS = 30
MAILS_PER_PERSON = 3


def send_user_id(*, email: str, last_name: str, address: str) -> None:
    """Mail the User ID to the stored address when e-mail and last name belong together.

    The same for everybody who asks. Raises ``Refusal`` TOO_MANY_FROM_ADDRESS.
    """
    if not throttle.is_allowed(
        Bucket(Purpose.USER_ID_ADDRESS, address, REQUESTS_PER_ADDRESS, _HOUR, _HOUR)
    ):
        raise Refusal(Reason.TOO_MANY_FROM_ADDRESS)
    may_mail = throttle.is_allowed(
        Bucket(Purpose.USER_ID_MAIL, text.key(email), MAILS_PER_PERSON, _HOUR, _HOUR)
    )
    _send(email, last_name, may_mail=may_mail)


@transaction.atomic
def _send(email: str, last_name: str, *, may_mail: bool) -> None:
    user = User.objects.filter(email_key=text.key(email)).first()
    is_theirs = (
        user is not None and user.may_recover and text.key(user.last_name) == text.key(last_name)
    )
    events.record(
        Tag.USER_ID_MAILED,
        actor=None,
        target=user,
        outcome="success" if is_theirs and may_mail else "refused",
    )
    if user is not None and is_theirs and may_mail:
        emails.user_id_reminder(user)
