"""Which mails the portal sends, in words: each kind of the code stands in one line of the page.

A line can stand for several kinds. `tests/unit/support/test_mail_kinds.py` holds the list against
the templates, so a new kind has to be entered here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """What people can expect, and the kinds of mail that bring it."""

    text: Promise
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Lines about one thing."""

    heading: Promise
    lines: tuple[Line, ...]


def _line(text: Promise, *kinds: str) -> Line:
    return Line(text, kinds)


SECTIONS = (
    Section(
        _("Registration and sign-in"),
        (
            _line(_("A link that opens your account when you register."), "account_activation"),
            _line(_("A welcome when your account is active."), "account_activated"),
            _line(
                _("A notice when somebody registers with your e-mail address or User ID."),
                "account_email_taken",
                "account_user_id_taken",
            ),
            _line(_("Your User ID, when you have asked for it."), "account_user_id"),
            _line(
                _("A notice when too many wrong passwords, codes or answers have closed a door."),
                "account_locked",
                "second_factor_locked",
                "account_questions_closed",
            ),
            _line(
                _("A link that unlocks your account earlier, and a notice when it was used."),
                "account_unlock_link",
                "account_unlocked",
            ),
            _line(
                _("A notice when a session ended because of a newer one, or when you ended some."),
                "account_session_ended",
                "account_sessions_ended",
            ),
        ),
    ),
    Section(
        _("Password"),
        (
            _line(_("A link to a new password, when you have asked for it."), "account_reset_link"),
            _line(
                _("A notice that such a link comes after a day of waiting."), "account_reset_waits"
            ),
            _line(
                _("A notice when your password was changed or set anew."),
                "account_password_changed",
                "account_password_reset",
            ),
        ),
    ),
    Section(
        _("MFA devices and security codes"),
        (
            _line(
                _("A security code, when your device is your mailbox or you asked for one."),
                "security_code",
                "one_time_security_code",
            ),
            _line(
                _("A notice for each device that was added, renamed, removed or made the default."),
                "mfa_device_added",
                "mfa_device_renamed",
                "mfa_device_removed",
                "mfa_default_changed",
            ),
        ),
    ),
    Section(
        _("Profile"),
        (
            _line(
                _("A link to the new address when you change your e-mail address."),
                "email_change_confirm",
            ),
            _line(
                _("A notice to the old address when another one is requested, and to both after."),
                "email_change_asked",
                "email_changed",
            ),
            _line(
                _("A notice when another account wants to use your e-mail address."),
                "email_change_taken",
            ),
            _line(
                _("A notice when phone, address or challenge questions were changed."),
                "profile_changed",
                "profile_questions_changed",
            ),
            _line(_("A notice when a help desk corrected your name."), "name_corrected"),
        ),
    ),
    Section(
        _("Identity Verification"),
        (
            _line(
                _("Whether your identity was proven, and what you can do if not."),
                "proofing_passed",
                "account_proofed",
                "proofing_failed",
                "proofing_not_proven",
            ),
            _line(
                _("The number of your case, and a notice when documents are needed."),
                "proofing_case_opened",
                "proofing_documents_wanted",
            ),
        ),
    ),
    Section(
        _("Requests and roles"),
        (
            _line(
                _("A confirmation with the tracking number when you submit a request."),
                "access_request_submitted",
            ),
            _line(
                _("The decision, with the comment of the person who decided."),
                "access_request_approved",
                "access_request_denied",
            ),
            _line(
                _("A question of an approver, and a reminder while it waits for your answer."),
                "access_request_returned",
                "access_request_answer_missing",
            ),
            _line(
                _("A notice when a request was canceled, or expired without a decision."),
                "access_request_withdrawn",
                "access_request_expired",
            ),
            _line(
                _("A notice when a role you held was given back or taken."),
                "grant_removed",
                "grant_revoked",
            ),
        ),
    ),
    Section(
        _("For people who decide"),
        (
            _line(
                _("A notice for each request that you can decide, and for each answer to one."),
                "access_request_to_decide",
            ),
            _line(
                _("Reminders of requests that wait for you, at most one message a day."),
                "access_request_decision_missing",
            ),
            _line(
                _("A notice when requests were passed to you, or nobody else is left to decide."),
                "access_request_rerouted",
                "access_request_stranded",
            ),
        ),
    ),
    Section(
        _("For people who run the portal"),
        (
            _line(
                _("An alert when somebody in the administration reached for more rights."),
                "account_power_refused",
            ),
        ),
    ),
    Section(
        _("When a help desk helps you"),
        (
            _line(
                _("A notice whenever an agent opens your account, with the reason."),
                "helpdesk_opened",
            ),
            _line(
                _("A code to read to the agent, so that the agent knows it is you."),
                "helpdesk_code",
            ),
            _line(
                _("A notice when an agent unlocked your account or gave you a one-time code."),
                "helpdesk_unlocked",
                "helpdesk_one_time_code",
            ),
            _line(
                _("A notice when all your devices are to be removed, and when they stay."),
                "helpdesk_reset_proposed",
                "helpdesk_reset_dropped",
            ),
        ),
    ),
    Section(
        _("When your account is shut"),
        (
            _line(
                _("Notices before your account expires unused, and when it has."),
                "account_expires_soon",
                "account_expired",
            ),
            _line(
                _("A notice when your account was suspended or closed, and when it is open again."),
                "account_suspended",
                "account_unsuspended",
                "account_deactivated",
                "account_reactivated",
            ),
            _line(
                _("The number of the case when you said that something was not you, and its end."),
                "account_frozen",
                "account_case_closed",
            ),
        ),
    ),
)
