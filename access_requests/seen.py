"""Proves that a decision's form came from a page that this person has had open.

Who may not decide a request (any more) learns that it exists only by such a form.
"""

from django.conf import settings
from django.core import signing

from accounts.models import User

_SALT = "access_requests.seen"


def sign(visitor: User, tracking_number: str) -> str:
    """Return the word that the form of the page carries."""
    return signing.dumps([visitor.pk, tracking_number], salt=_SALT)


def is_proven(word: str, visitor: User, tracking_number: str) -> bool:
    """Tell whether the word was given to this person for this request."""
    try:
        known: object = signing.loads(word, salt=_SALT, max_age=settings.SESSION_ABSOLUTE_LIMIT)
    except signing.BadSignature:
        return False
    return known == [visitor.pk, tracking_number]
