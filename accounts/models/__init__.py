"""The tables of the accounts room."""

from accounts.models.business_contact import BusinessContact
from accounts.models.challenges import ChallengeAnswer
from accounts.models.email_changes import EmailChange
from accounts.models.passwords import PasswordHistory
from accounts.models.registration import Registration
from accounts.models.sessions import PortalSession
from accounts.models.terms import TermsAcceptance
from accounts.models.throttle import ThrottleCounter
from accounts.models.user import User

__all__ = [
    "BusinessContact",
    "ChallengeAnswer",
    "EmailChange",
    "PasswordHistory",
    "PortalSession",
    "Registration",
    "TermsAcceptance",
    "ThrottleCounter",
    "User",
]
