"""The tables of the accounts room."""

from accounts.models.business_contact import BusinessContact
from accounts.models.cases import AccountEvent, Disavowal, SecurityCase
from accounts.models.challenges import ChallengeAnswer
from accounts.models.devices import MFADevice, SecurityCode
from accounts.models.email_changes import EmailChange
from accounts.models.inactivity import InactivityNotice
from accounts.models.passwords import PasswordHistory
from accounts.models.proofing import ProofingAttempt, ProofingCase
from accounts.models.recovery import PasswordReset
from accounts.models.registration import Registration
from accounts.models.sessions import PortalSession
from accounts.models.terms import RulesDocument, TermsAcceptance
from accounts.models.throttle import ThrottleCounter
from accounts.models.user import User

__all__ = [
    "AccountEvent",
    "BusinessContact",
    "ChallengeAnswer",
    "Disavowal",
    "EmailChange",
    "InactivityNotice",
    "MFADevice",
    "PasswordHistory",
    "PasswordReset",
    "PortalSession",
    "ProofingAttempt",
    "ProofingCase",
    "Registration",
    "RulesDocument",
    "SecurityCase",
    "SecurityCode",
    "TermsAcceptance",
    "ThrottleCounter",
    "User",
]
