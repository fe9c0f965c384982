"""What the accounts room writes into the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Audit tags, ``subject:action``."""

    SIGN_IN = "session:sign_in", _("Signed in")
    SIGN_IN_FAILED = "session:sign_in_failed", _("Sign-in failed")
    SIGN_IN_LOCKED = "session:lock", _("Sign-in locked")
    SIGN_OUT = "session:sign_out", _("Signed out")
    SESSION_ENDED = "session:end", _("Session ended")
    TERMS_DECLINED = "terms:decline", _("Terms declined")
    RULES_ACCEPTED = "terms:accept", _("Rules accepted")
    CHALLENGE_PASSED = "challenge:pass", _("Challenge questions answered")
    CHALLENGE_FAILED = "challenge:fail", _("Challenge questions answered wrongly")
    CHALLENGE_CLOSED = "challenge:close", _("Challenge questions closed for a day")
    RECOVERY_ASKED = "recovery:start", _("Password recovery started")
    RECOVERY_PROVEN = "recovery:prove", _("Second proof of a recovery given")
    RECOVERY_FAILED = "recovery:fail", _("Second proof of a recovery refused")
    RECOVERY_WAITS = "recovery:wait", _("Password recovery put off for a day")
    PASSWORD_RESET = "password:reset", _("Password set after a recovery")
    PASSWORD_CHANGED = "password:change", _("Password changed")
    PASSWORD_CHANGE_FAILED = "password:change_failed", _("Password not changed")
    FREEZE = "account:freeze", _("Account frozen by its owner")
    CASE_CLOSED = "security_case:close", _("Security case closed")
    UNLOCK_ASKED = "account:unlock_asked", _("Unlocking asked for")
    UNLOCK = "account:unlock", _("Sign-in unlocked")
    EXPIRE = "account:expire", _("Account expired unused")
    REGISTER = "registration:submit", _("Registration submitted")
    REGISTER_EMAIL_TAKEN = "registration:email_taken", _("Registration with a known e-mail")
    REGISTER_RESENT = "registration:resend", _("Activation mail sent again")
    ACTIVATE = "account:activate", _("Account activated")
    DEACTIVATE = "account:deactivate", _("Account deactivated")
    REACTIVATE = "account:reactivate", _("Account reactivated")
    SUSPEND = "account:suspend", _("Account suspended")
    UNSUSPEND = "account:unsuspend", _("Suspension ended")
    PROOF_IDENTITY = "account:proof_identity", _("Identity proofing recorded")
    PROOFING_START = "proofing:start", _("Bureau asked about identity")
    PROOFING_ASK = "proofing:ask", _("Identity questions opened")
    PROOFING_PASS = "proofing:pass", _("Identity proven online")
    PROOFING_FAIL = "proofing:fail", _("Identity not proven online")
    PROOFING_TROUBLE = "proofing:trouble", _("Bureau gave no answer")
    PROOFING_CASE_OPEN = "proofing_case:open", _("Proofing case opened")
    PROOFING_CASE_PHONE = "proofing_case:phone", _("Identity checked by phone")
    PROOFING_CASE_MANUAL = "proofing_case:manual", _("Identity checked with documents")
    PROOFING_CASE_CLOSE = "proofing_case:close", _("Proofing case closed")
    CHANGE_RIGHTS = "account:change_rights", _("Rights changed")
    CHANGE_PHONE = "account:change_phone", _("Phone number changed")
    CHANGE_HOME_ADDRESS = "account:change_home_address", _("Home address changed")
    CHANGE_BUSINESS_CONTACT = (
        "account:change_business_contact",
        _("Business contact information changed"),
    )
    CHANGE_QUESTIONS = "account:change_questions", _("Challenge questions changed")
    EMAIL_CHANGE_ASKED = "email:ask_change", _("Change of e-mail address asked for")
    EMAIL_CHANGE_CANCELED = "email:cancel_change", _("Change of e-mail address canceled")
    EMAIL_CHANGED = "email:change", _("E-mail address changed")
    READ_OWN_DATA = "account:read_own_data", _("Own data looked at or downloaded")
    CHANGE_DISPLAY = "account:change_display", _("Accessibility settings changed")
    USER_ID_MAILED = "account:user_id_mailed", _("User ID mailed")
    MFA_OFFER_ANSWERED = "account:mfa_offer", _("Second factor offered")
