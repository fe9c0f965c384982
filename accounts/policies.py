"""Who may do what to accounts: each function answers one question."""

from typing import Any

from accounts.models import User
from accounts.reasons import Reason
from accounts.verdicts import ALLOWED, Verdict, refused

MANAGE_PERMISSION = "accounts.change_user"


def may_manage_accounts(user: Any) -> Verdict:
    """Whether this person works on accounts in the administration pages."""
    if user.is_active and user.is_staff and user.has_perm(MANAGE_PERMISSION):
        return ALLOWED
    return refused(Reason.NOT_ALLOWED)


def may_change_account(actor: User, user: User) -> Verdict:
    """Whether ``actor`` may close, open or proof the account of ``user``; never their own."""
    if actor.pk == user.pk:
        return refused(Reason.OWN_ACCOUNT)
    if (user.is_superuser or user.is_staff) and not actor.is_superuser:
        return refused(Reason.HIGHER_ACCOUNT)
    return may_manage_accounts(actor)


def may_change_rights(actor: User, user: User) -> Verdict:
    """Whether ``actor`` may give or take rights, groups and staff status; never their own."""
    if not actor.is_active or not actor.is_superuser:
        return refused(Reason.NOT_ALLOWED)
    if actor.pk == user.pk:
        return refused(Reason.OWN_ACCOUNT)
    return ALLOWED
