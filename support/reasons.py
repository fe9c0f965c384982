"""Why something in the support room is not allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Codes of refusals; the label tells a person what to do."""

    NOT_AN_AUDITOR = "not_an_auditor", _("Only auditors can read the audit log.")
    NO_AGENT = "no_agent", _("Only help desk agents can open this page.")
    NO_PORTAL_AGENT = (
        "no_portal_agent",
        _("Only agents of the portal help desk can search everybody. Use Application Search."),
    )
    WEAK_SESSION = (
        "weak_session",
        _(
            "Help desk work needs a strong second factor: log in again with an authenticator app, "
            "passkey or security key."
        ),
    )
    OWN_ACCOUNT = (
        "own_account",
        _("Nobody works on their own account. Ask another agent of your help desk."),
    )
    ELSEWHERE = (
        "elsewhere",
        _("This person has no role or request in your applications."),
    )
    HIGHER_ACCOUNT = (
        "higher_account",
        _(
            "This account stands above yours, so you cannot work on it. Pass the caller on to the "
            "portal help desk."
        ),
    )
    ADMINISTRATORS_ACCOUNT = (
        "administrators_account",
        _(
            "This is the account of an administrator, and no help desk works on it. Those who run "
            "the server of the portal can reset its MFA devices: pass the caller on to them."
        ),
    )
    NO_CONTACT = (
        "no_contact",
        _("Open the account first: give the reason and the number of the call or ticket."),
    )
    NOT_VERIFIED = (
        "not_verified",
        _("Verify the caller first. A verification lasts 15 minutes."),
    )
    NOT_PROVEN = (
        "not_proven",
        _(
            "This needs a caller who has read a code to you. Let the person read the help desk "
            "code from the portal, or a code sent to a registered device."
        ),
    )
    PROVEN_WEAKLY = (
        "proven_weakly",
        _(
            "The code came from a sign-in or device that is too weak for this account. Propose to "
            "remove all MFA devices: a second agent decides, after a day in which the owner can "
            "object."
        ),
    )
    CODE_WRONG = (
        "code_wrong",
        _(
            "This is not the code. Ask the caller to read it again; after three wrong tries the "
            "person needs a new one."
        ),
    )
    CODE_NOT_NOW = (
        "code_not_now",
        _("A code was sent a moment ago. Wait a minute; at most five leave in an hour."),
    )
    CODE_NOT_SENT = (
        "code_not_sent",
        _("The code could not be sent. Choose another device, or another way."),
    )
    NO_SUCH_DEVICE = (
        "no_such_device",
        _("This device can receive no code. Choose another device, or another way."),
    )
    REASON_MISSING = "reason_missing", _("Give a reason: it is recorded with what you do.")
    ALREADY_SO = "already_so", _("Nothing to do: the account is already in this state.")
    NOTHING_TO_RESET = (
        "nothing_to_reset",
        _("This person has no MFA device. Nothing has to be reset."),
    )
    SECOND_AGENT = (
        "second_agent",
        _(
            "Here a second agent has to agree. Propose to remove all MFA devices instead; "
            "another agent confirms it."
        ),
    )
    PROPOSED_ALREADY = (
        "proposed_already",
        _("This is proposed already. Ask another agent to confirm it under Proposals."),
    )
    OWN_PROPOSAL = (
        "own_proposal",
        _("You proposed this yourself. Another agent has to confirm it."),
    )
    TOO_EARLY = (
        "too_early",
        _("The waiting time is not over yet. The person was told and can still object."),
    )
    PROPOSAL_OVER = (
        "proposal_over",
        _("This proposal is over, or the account has changed since. Propose it again."),
    )
