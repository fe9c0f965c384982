"""Keeps a half-filled request on the server, so that a lost connection loses nothing."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction

import clock
from access_requests import policies, standing
from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from accounts.models import User
from accounts.text import key
from accounts.verdicts import Refusal
from catalog.models import Role, RoleAttribute, System
from organizations.models import Organization

TYPED_A_MINUTE = 40
_ORGANIZATION = RoleAttribute.Kind.ORGANIZATION
_ONE_DRAFT = "one_draft_per_person_and_system"


def draft_of(*, requester: User, system: System) -> AccessRequest | None:
    """Return the person's draft for the system, if one was begun; one statement."""
    return (
        AccessRequest.objects.with_all()
        .filter(requester=requester, system=system, status=Status.DRAFT)
        .first()
    )


def start_draft(*, requester: User, system: System) -> AccessRequest:
    """Return the person's draft for the system, and begin one when there is none."""
    # Each turn that finds nothing means that another window got further, so the turns end.
    while True:
        found = draft_of(requester=requester, system=system)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return AccessRequest.objects.create(
                    requester=requester, system=system, created_at=clock.now()
                )
        except IntegrityError as error:
            if _ONE_DRAFT not in str(error):
                raise
            # Another window began it in the same moment, and may have submitted it since.


@transaction.atomic
def save_draft(
    *,
    requester: User,
    system: System,
    role: Role | None,
    organization_name: str = "",
    answers: Mapping[str, str] | None = None,
    reason: str = "",
    typed: Mapping[str, Any] | None = None,
) -> AccessRequest:
    """Write down what the person has entered so far, complete or not.

    ``typed`` is the same with what is not right yet (``DetailsForm.typed``), None when all of it
    is right. The role has to be one of the system. A draft is no transition and leaves no audit
    entry.
    """
    if role is not None and role.system_id != system.pk:
        raise ValueError("the role belongs to another system")
    draft = _locked_draft(requester=requester, system=system)
    write(
        draft, organization_name=organization_name, answers=answers or {}, reason=reason, role=role
    )
    _put(draft, {**typed, "window": ""} if typed and not _says(draft, typed) else None)
    draft.save()
    return draft


def refuse_twice(*, requester: User, role: Role, organization_name: str = "") -> None:
    """Refuse a role that is held or asked for already, once it is known for which organization.

    Raises ``Refusal`` ALREADY_HELD or ALREADY_PENDING.
    """
    if not organization_name and role.attributes.filter(kind=_ORGANIZATION).exists():
        return
    organization = _named(organization_name)
    facts = standing.look(
        person=requester, role=role, organization_id=organization.pk if organization else None
    )
    verdict = policies.may_request(requester, role, facts, now=clock.now())
    if verdict.reason in {Reason.ALREADY_HELD, Reason.ALREADY_PENDING}:
        verdict.or_raise()


def _named(organization_name: str) -> Organization | None:
    return Organization.objects.by_name(organization_name) if organization_name else None


def keep_typed(
    *,
    requester: User,
    system: System,
    role: Role,
    typed: Mapping[str, Any],
    revision: int | None,
    window: str,
) -> AccessRequest:
    """Keep what is being typed, right or wrong, beside the draft, until the person goes on.

    ``revision`` is the one that the page knows, None when it knows no draft; ``window`` names the
    page, which may always go on after itself. Raises ``Refusal`` TOO_OFTEN, or CHANGED_MEANWHILE
    when the draft was written from elsewhere since. Leaves no audit entry.
    """
    if role.system_id != system.pk:
        raise ValueError("the role belongs to another system")
    if not _may_keep(requester):
        raise Refusal(Reason.TOO_OFTEN)
    with transaction.atomic():
        draft = _locked_draft(requester=requester, system=system)
        if not _is_known(draft, revision, window):
            raise Refusal(Reason.CHANGED_MEANWHILE)
        is_said = draft.role_id == role.pk and _says(draft, typed)
        if draft.role_id != role.pk:
            draft.role = role
            draft.revision += 1
        _put(draft, None if is_said else {**typed, "window": window})
        draft.save(update_fields=["role", "typed", "revision"])
        return draft


@transaction.atomic
def discard_draft(*, requester: User, system: System) -> bool:
    """Delete the person's draft for the system; return whether there was one. No audit entry."""
    # Locked first: one that is being submitted in this moment is no draft any more afterwards.
    begun = AccessRequest.objects.select_for_update(no_key=True)
    draft = begun.filter(requester=requester, system=system, status=Status.DRAFT).first()
    if draft is not None:
        draft.delete()
    return draft is not None


def _may_keep(requester: User) -> bool:
    """Whether another save fits into this minute; without the cache it does."""
    key = f"drafts-typed:{requester.pk}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) <= TYPED_A_MINUTE
    except ValueError:  # Redis is away
        return True


def _is_known(draft: AccessRequest, revision: int | None, window: str) -> bool:
    if draft.typed is not None and window and draft.typed.get("window") == window:
        return True
    return draft.role is None if revision is None else draft.revision == revision


def _says(draft: AccessRequest, typed: Mapping[str, Any]) -> bool:
    """Whether the draft itself holds every word of it."""
    answered, said = (
        {code: value for code, value in answers.items() if value}
        for answers in (typed["answers"], draft.answers)
    )
    return (
        answered == said
        and typed["reason"] == draft.reason
        and _names_its_organization(draft, typed["organization_name"])
    )


def _names_its_organization(draft: AccessRequest, name: str) -> bool:
    """Whether the name is the draft's; that of a known organization in any spelling."""
    if draft.organization is None:
        return name == draft.organization_name
    return key(name) == draft.organization.name_key


def _put(draft: AccessRequest, typed: dict[str, Any] | None) -> None:
    if draft.typed != typed:
        draft.typed = typed
        draft.revision += 1


def _locked_draft(*, requester: User, system: System) -> AccessRequest:
    """Return the draft with its row locked; one submitted from another window is none any more."""
    while True:
        begun = start_draft(requester=requester, system=system)
        draft = AccessRequest.objects.locked(pk=begun.pk)
        if draft.status == Status.DRAFT:
            return draft


def write(
    access_request: AccessRequest,
    *,
    role: Role | None,
    organization_name: str,
    answers: Mapping[str, str],
    reason: str,
) -> None:
    """Put the requester's words into the row and count the revision when they differ."""
    organization = _named(organization_name)
    new = {
        "role": role,
        "organization": organization,
        "organization_name": organization.name if organization else organization_name,
        "answers": dict(answers),
        "reason": reason,
    }
    if any(getattr(access_request, name) != value for name, value in new.items()):
        access_request.revision += 1
    for name, value in new.items():
        setattr(access_request, name, value)
