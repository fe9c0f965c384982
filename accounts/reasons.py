"""Why the accounts room refuses something, in words that say what to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Refusal codes of this room."""

    NOT_SIGNED_IN = (
        "not_signed_in",
        _(
            "We could not log you in. Check your User ID and password and try again. "
            "After five failed attempts an account is locked for one hour."
        ),
    )
    TOO_MANY_FROM_ADDRESS = (
        "too_many_from_address",
        _("Too many attempts came from your network. Please wait an hour and try again."),
    )
    LINK_OVER = (
        "link_over",
        _("This link has expired or was already used. Please register again."),
    )
    USER_ID_TAKEN = (
        "user_id_taken",
        _("This User ID belongs to somebody else. Please choose another."),
    )
    EMAIL_TAKEN = (
        "email_taken",
        _("An account with this e-mail address exists already. Please log in with it."),
    )
    TERMS_NOT_ACCEPTED = ("terms_not_accepted", _("Please accept the terms and conditions first."))
    OWN_ACCOUNT = ("own_account", _("Somebody else has to do this for your own account."))
    NOT_ALLOWED = ("not_allowed", _("You may not do this. Ask a portal administrator."))
    HIGHER_ACCOUNT = (
        "higher_account",
        _("Only a superuser may do this for an administrator's account."),
    )
    ALREADY_SO = ("already_so", _("Nothing to do: the account is already in this state."))
    SESSION_OVER = ("session_over", _("This session had ended already."))
    REASON_MISSING = ("reason_missing", _("Please give a reason."))
    PASSKEY_REFUSED = (
        "passkey_refused",
        _("This passkey could not be used. Try again, or choose another way."),
    )
    PASSKEY_KNOWN = (
        "passkey_known",
        _("This passkey or security key is registered already. Use another one."),
    )
