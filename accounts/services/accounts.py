"""What administrators do to accounts: close, open, record proofing, change rights."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

import clock
from accounts import emails, emails_proofing, policies
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.models import PortalSession, ProofingCase, User
from accounts.reasons import Reason
from accounts.services import proofing_cases, sessions
from accounts.signals import user_deactivated
from accounts.verdicts import Refusal
from audit import events


@transaction.atomic
def deactivate(*, user_id: int, actor: User, reason: str) -> User:
    """Close an account; its sessions end at once and the rooms above are told.

    Raises ``Refusal`` OWN_ACCOUNT, HIGHER_ACCOUNT, NOT_ALLOWED, ALREADY_SO or REASON_MISSING.
    """
    user = _locked(user_id)
    _ask(actor, user, reason)
    if user.is_suspended and user.suspended_at is None:
        raise Refusal(Reason.ALREADY_SO)
    user.deactivate(at=clock.now(), reason=reason.strip()[:300])
    user.save()
    sessions.end_all(user=user, reason=PortalSession.End.ACCOUNT_CHANGED)
    user_deactivated.send(sender=User, user=user, actor=actor)
    _record(Tag.DEACTIVATE, actor, user, reason, before=True, after=False, field="is_active")
    emails.account_deactivated(user)
    return user


@transaction.atomic
def reactivate(*, user_id: int, actor: User, reason: str) -> User:
    """Open a closed account again. Raises ``Refusal`` as ``deactivate`` does."""
    user = _locked(user_id)
    _ask(actor, user, reason)
    if not user.is_suspended:
        raise Refusal(Reason.ALREADY_SO)
    user.reactivate()
    user.save()
    _record(Tag.REACTIVATE, actor, user, reason, before=False, after=True, field="is_active")
    emails.account_reactivated(user)
    return user


@transaction.atomic
def record_proofing(*, user_id: int, actor: User, reason: str) -> User:
    """Record that the person's identity was proven in person. Raises ``Refusal`` likewise."""
    user = _locked(user_id)
    _ask(actor, user, reason)
    if user.ial >= IAL.PROOFED:
        raise Refusal(Reason.ALREADY_SO)
    before = user.ial
    user.proof(at=clock.now())
    user.save()
    proofing_cases.close_proven(user, way=ProofingCase.Way.ADMINISTRATION)
    _record(Tag.PROOF_IDENTITY, actor, user, reason, before=before, after=user.ial, field="ial")
    emails_proofing.recorded(user)
    return user


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@transaction.atomic
def change_rights(*, user_id: int, actor: User, rights: dict[str, Any]) -> User:
    """Set staff and superuser status, groups and single permissions of somebody else.

    ``rights`` maps names of ``RIGHTS`` to values (a truth value, or the wanted rows). Open
    sessions of the person end, because what they may do has changed. Raises ``Refusal``.
    """
    user = _locked(user_id)
    policies.may_change_rights(actor, user).or_raise()
    before = rights_of(user)
    for name, value in rights.items():
        if name in {"groups", "user_permissions"}:
            getattr(user, name).set(value)
        elif name in RIGHTS:
            setattr(user, name, value)
    after = rights_of(user)
    if before == after:
        return user
    user.security_version += 1
    user.save()
    sessions.end_all(user=user, reason=PortalSession.End.ACCOUNT_CHANGED)
    events.record(Tag.CHANGE_RIGHTS, actor=actor, target=user, before=before, after=after)
    return user


def rights_of(user: User) -> dict[str, Any]:
    """The rights of a person in a form that can be compared and recorded."""
    return {
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "groups": _names(user.groups.values_list("name", flat=True)),
        "user_permissions": _names(user.user_permissions.values_list("codename", flat=True)),
    }


def _names(values: Iterable[str]) -> list[str]:
    return sorted(values)


def _locked(user_id: int) -> User:
    return User.objects.select_for_update().get(pk=user_id)


def _ask(actor: User, user: User, reason: str) -> None:
    policies.may_change_account(actor, user).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)


def _record(
    tag: Tag, actor: User, user: User, reason: str, *, before: Any, after: Any, field: str
) -> None:
    events.record(
        tag,
        actor=actor,
        target=user,
        reason=reason.strip(),
        before={field: before},
        after={field: after},
    )
