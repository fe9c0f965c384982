"""The tables of the accounts room."""

from accounts.models.challenges import ChallengeAnswer
from accounts.models.passwords import PasswordHistory
from accounts.models.registration import Registration
from accounts.models.sessions import PortalSession
from accounts.models.terms import TermsAcceptance
from accounts.models.throttle import ThrottleCounter
from accounts.models.user import User

__all__ = [
    "ChallengeAnswer",
    "PasswordHistory",
    "PortalSession",
    "Registration",
    "TermsAcceptance",
    "ThrottleCounter",
    "User",
]
