"""Why the accounts room refuses something, in words that say what to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Refusal codes of this room."""

    NOT_SIGNED_IN = (
        "not_signed_in",
        _(
            "We could not log you in. Check your User ID and password and try again. "
            "After five failed attempts an account is locked for one hour. An account that was not "
            "used for 60 days opens again with a new password."
        ),
    )
    SECOND_FACTOR_REFUSED = (
        "second_factor_refused",
        _(
            "We could not accept this security code. Codes expire and work once: get a new one and "
            "try again. After ten wrong codes in a day they are closed for 24 hours."
        ),
    )
    STEP_UP_REFUSED = (
        "step_up_refused",
        _(
            "This password is not right. Try again. "
            "After five failed attempts this is closed for an hour."
        ),
    )
    CODE_NOT_NEEDED = (
        "code_not_needed",
        _("This kind of device shows its code itself. Open it and type the code."),
    )
    CODE_TOO_SOON = (
        "code_too_soon",
        _("A code was sent less than a minute ago. Wait a minute before you ask for another."),
    )
    CODE_TOO_MANY = (
        "code_too_many",
        _("Five codes were sent within the hour. Use another device, or wait for an hour."),
    )
    CODE_TARGET_BUSY = (
        "code_target_busy",
        _(
            "Too many codes went to this phone number or address within the hour. Use another one, "
            "or wait for an hour."
        ),
    )
    CODE_NOT_SENT = (
        "code_not_sent",
        _("The code could not be sent. Use another device, or try again in a minute."),
    )
    NO_SUCH_DEVICE = (
        "no_such_device",
        _("No such device is registered. Choose one from the list."),
    )
    STRONG_FACTOR_NEEDED = (
        "strong_factor_needed",
        _("Your work in the portal needs an authenticator app, passkey or security key here."),
    )
    TOO_MANY_DEVICES = (
        "too_many_devices",
        _("Five devices are registered already. Remove one before you add another."),
    )
    LAST_DEVICE_NEEDED = (
        "last_device_needed",
        _(
            "Your work in the portal needs a strong MFA device, and this is the last one. "
            "Add another authenticator app, passkey or security key first."
        ),
    )
    ONLY_DEVICE_NEEDED = (
        "only_device_needed",
        _(
            "A role of yours needs an MFA device, and this is the only one. "
            "Add another device first, then remove this one."
        ),
    )
    NEEDS_ANOTHER_DEVICE_FIRST = (
        "needs_another_device_first",
        _("Recovery codes stand in for another device. Add that device first."),
    )
    TOO_MANY_FROM_ADDRESS = (
        "too_many_from_address",
        _("Too many attempts came from your network. Please wait an hour and try again."),
    )
    LINK_OVER = (
        "link_over",
        _("This link has expired or was already used. Please register again."),
    )
    ACTIVATION_REFUSED = (
        "activation_refused",
        _(
            "We could not activate the account. Check the password you chose when you registered "
            "and try again. After five failed attempts this is closed for an hour."
        ),
    )
    ANSWERS_WRONG = (
        "answers_wrong",
        _(
            "The answers did not match. After three wrong tries the questions stay closed for "
            "24 hours. You can still log in with your password, and your help desk can help."
        ),
    )
    DISAVOWAL_OVER = (
        "disavowal_over",
        _(
            "This link has expired or was already used. If something is wrong with your account, "
            "call the help desk of your application."
        ),
    )
    CASE_CLOSED = ("case_closed", _("Nothing to do: somebody closed this case already."))
    RESET_OVER = (
        "reset_over",
        _("This link has expired or was already used. Please start again with Forgot Password."),
    )
    PASSWORD_USED_BEFORE = (
        "password_used_before",
        _("You had this password before. Please choose one you have not used lately."),
    )
    PASSWORD_TOO_YOUNG = (
        "password_too_young",
        _(
            "Your password was changed less than 24 hours ago. Wait until a day has passed; if "
            "somebody knows your password, use Forgot Password."
        ),
    )
    PASSWORD_WRONG = (
        "password_wrong",
        _(
            "This is not your present password. After five wrong tries changing it stays closed "
            "for an hour."
        ),
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
    NAME_UNCHANGED = (
        "name_unchanged",
        _("Nothing to do: this is the name of the account already."),
    )
    TOO_MANY_EMAIL_CHANGES = (
        "too_many_email_changes",
        _("Too many links were sent lately. Wait an hour, then try again."),
    )
    EMAIL_LINK_OVER = (
        "email_link_over",
        _(
            "This link has expired, was already used, or a newer one was sent. If the change is "
            "still wanted, ask for it again in your profile."
        ),
    )
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
    PROOFED_ALREADY = (
        "proofed_already",
        _("Your identity is proven already. Nothing is left to do."),
    )
    PROOFING_OFFLINE = (
        "proofing_offline",
        _("Identities are not proven online here. Have the help desk check your documents."),
    )
    PROOFING_LOCKED = (
        "proofing_locked",
        _("Your tries online are used up. Go on with your case, by phone or with documents."),
    )
    PROOFING_UNDER_WAY = (
        "proofing_under_way",
        _("A check of your identity is under way already. Answer its questions first."),
    )
    TOO_MANY_INQUIRIES = (
        "too_many_inquiries",
        _("The bureau was asked about you too often today. Try again tomorrow, or by phone."),
    )
    QUESTIONS_OVER = (
        "questions_over",
        _("These questions were answered already, or their time is over. See the result."),
    )
    CASE_ELSEWHERE = (
        "case_elsewhere",
        _("This case does not wait for that step. Look at its status and go on from there."),
    )
    DOCUMENTS_MISSING = (
        "documents_missing",
        _("Choose at least one document with a photograph and one more that you have seen."),
    )
