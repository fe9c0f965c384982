"""Why something is refused: one list of codes, each with a sentence that says what to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Reasons of the policies of this room."""

    NEEDS_PROOFING = (
        "needs_proofing",
        _(
            "This role is only for people with a proven identity. Whoever asks for it proves "
            "theirs once, online or with the help desk; the request is kept meanwhile."
        ),
    )
    NEEDS_MFA = (
        "needs_mfa",
        _(
            "This work needs a login with an authenticator app, passkey or security key. Register "
            "one under Manage MFA Devices, then log in with it."
        ),
    )
    ALREADY_PENDING = (
        "already_pending",
        _(
            "There is an open request for this role already. Wait for the decision, "
            "or cancel that request first."
        ),
    )
    ALREADY_HELD = (
        "already_held",
        _("This role is held already. See it under View and Manage My Access."),
    )
    EXCLUDED_BY_ROLE = (
        "excluded_by_role",
        _(
            "This role cannot be held together with a role that is held now. "
            "Remove that role first, then ask again."
        ),
    )
    WAIT_BEFORE_REAPPLYING = (
        "wait_before_reapplying",
        _(
            "A role in this system was removed a moment ago. The system needs a few minutes "
            "before it takes a new request; please try again then."
        ),
    )
    ROLE_NOT_OFFERED = (
        "role_not_offered",
        _("This role is not offered any more. Choose another role from the catalog."),
    )
    INCOMPLETE = (
        "incomplete",
        _("Some answers are missing. Use Edit to fill them in, then submit."),
    )
    UNCONFIRMED = (
        "unconfirmed",
        _("You went on typing after this. Use Edit to look at your answers, then choose Next."),
    )
    TOO_OFTEN = (
        "too_often",
        _("This was saved many times in the last minute. Wait a minute, then go on."),
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        _("The request was changed in the meantime. Read it again before you go on."),
    )
    ASKED_AGAIN = (
        "asked_again",
        _(
            "The portal knows this organization by now, and the person has asked for the same role "
            "there again. Decide that request, and deny this one."
        ),
    )
    SELF_DECISION = (
        "self_decision",
        _("Nobody decides their own request. Somebody else has been asked to decide."),
    )
    NOT_YOUR_QUEUE = (
        "not_your_queue",
        _("This request waits for somebody else. You find yours under Pending Approvals."),
    )
    ALREADY_DECIDED = (
        "already_decided",
        _("This request has been decided already. Nothing is left to do."),
    )
    NOT_WAITING = (
        "not_waiting",
        _("This request does not wait for a decision now. See its status and history."),
    )
    REQUESTER_INACTIVE = (
        "requester_inactive",
        _("The account of the requester is switched off, so no access can be given. Deny it."),
    )
    COMMENT_MISSING = (
        "comment_missing",
        _("Write a reason or question first, so that the requester knows what to do."),
    )
    NOT_YOURS = (
        "not_yours",
        _("Only the person concerned can do this."),
    )
    OWN_ACCESS = (
        "own_access",
        _("Nobody revokes their own access. Use Remove Role under View and Manage My Access."),
    )
    NO_RIGHT = (
        "no_right",
        _("Your account does not carry the right to do this. Ask an administrator."),
    )
    ALREADY_ENDED = (
        "already_ended",
        _("This access has ended already. Nothing is left to do."),
    )
