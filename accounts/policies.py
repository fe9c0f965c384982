"""Who may do what to accounts: each function answers one question."""

from collections.abc import Collection
from typing import Any

from django.conf import settings

import clock
from accounts.assurance import IAL, Strength, ial_of
from accounts.models import PortalSession, ProofingCase, User
from accounts.reasons import Reason
from accounts.verdicts import ALLOWED, Verdict, refused

MANAGE_PERMISSION = "accounts.change_user"
# The group of those who help with the portal itself; portal/groups.py makes it.
PORTAL_HELP_DESK = "Portal help desk"


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


def may_prove_online(user: User, *, is_offered: bool, is_under_way: bool, fails: int) -> Verdict:
    """Whether the bureau may be asked about the person; ``fails`` is how often it said no."""
    obstacles = (
        (Reason.NOT_ALLOWED, not user.is_active),
        (Reason.PROOFED_ALREADY, ial_of(user) >= IAL.PROOFED),
        (Reason.PROOFING_OFFLINE, not is_offered),
        (Reason.PROOFING_LOCKED, fails >= settings.PROOFING_FAIL_LIMIT),
        (Reason.PROOFING_UNDER_WAY, is_under_way),
    )
    return next((refused(reason) for reason, stands in obstacles if stands), ALLOWED)


def may_replace_unknown_answers(session: PortalSession) -> Verdict:
    """Whether the device of this session stands in for challenge answers somebody forgot.

    It has to be strong, and known for KNOWN_DEVICE_AGE: a thief of the password who adds a device
    is announced by mail, and the owner has that time to say so.
    """
    device = session.device
    if session.strength < Strength.STRONG or device is None or device.confirmed_at is None:
        return refused(Reason.STRONG_FACTOR_NEEDED)
    if clock.now() - device.confirmed_at < settings.KNOWN_DEVICE_AGE:
        return refused(Reason.STRONG_FACTOR_NEEDED)
    return ALLOWED


def may_open_case(user: User) -> Verdict:
    """Whether the person may ask to be proven by phone or with documents."""
    if not user.is_active:
        return refused(Reason.NOT_ALLOWED)
    if ial_of(user) >= IAL.PROOFED:
        return refused(Reason.PROOFED_ALREADY)
    return ALLOWED


def may_judge_identity(agent: User, person: User) -> Verdict:
    """Whether ``agent`` may record a check of somebody's identity; whom they serve is asked above.

    Nobody judges themselves, and only a superuser judges somebody with rights.
    """
    if not agent.is_active:
        return refused(Reason.NOT_ALLOWED)
    if agent.pk == person.pk:
        return refused(Reason.OWN_ACCOUNT)
    if (person.is_superuser or person.is_staff) and not agent.is_superuser:
        return refused(Reason.HIGHER_ACCOUNT)
    return ALLOWED


def are_enough_documents(kinds: Collection[str]) -> bool:
    """Whether documents of these kinds prove an identity: one with a photograph and one more."""
    return len(set(kinds)) > 1 and not ProofingCase.WITH_PHOTO.isdisjoint(kinds)
