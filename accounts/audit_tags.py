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
    REGISTER = "registration:submit", _("Registration submitted")
    REGISTER_EMAIL_TAKEN = "registration:email_taken", _("Registration with a known e-mail")
    REGISTER_RESENT = "registration:resend", _("Activation mail sent again")
    ACTIVATE = "account:activate", _("Account activated")
    DEACTIVATE = "account:deactivate", _("Account deactivated")
    REACTIVATE = "account:reactivate", _("Account reactivated")
    PROOF_IDENTITY = "account:proof_identity", _("Identity proofing recorded")
    CHANGE_RIGHTS = "account:change_rights", _("Rights changed")
    CHANGE_DISPLAY = "account:change_display", _("Accessibility settings changed")
    USER_ID_MAILED = "account:user_id_mailed", _("User ID mailed")
