"""Corrects the legal name of an account, for a help desk that knows who is calling."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

import clock
from accounts import emails_profile as emails
from accounts import policies
from accounts.assurance import IAL, ial_of
from accounts.audit_tags import Tag
from accounts.models import ProofingCase, User
from accounts.reasons import Reason
from accounts.services import proof_withdrawal
from accounts.verdicts import Refusal
from audit import events

NAME = ("first_name", "middle_name", "last_name", "suffix")


@transaction.atomic
def correct(
    *,
    user_id: int,
    agent: User,
    name: Mapping[str, str],
    documents: Sequence[str] = (),
    reason: str,
) -> User:
    """Keep another name, with the keys of NAME; the person is told.

    A proven identity is that of its name, so the new one has to be proven likewise: ``documents``
    are the kinds (``ProofingCase.Document``) that the agent has seen, and the proof stands on them
    from now on. For others they are not asked for, and an open inquiry about the old name ends.
    The caller has asked which people the agent serves. Raises ``Refusal`` OWN_ACCOUNT,
    HIGHER_ACCOUNT, NOT_ALLOWED, REASON_MISSING, NAME_UNCHANGED or DOCUMENTS_MISSING.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    policies.may_judge_identity(agent, user).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    changed = [field for field in NAME if getattr(user, field) != name[field]]
    if not changed:
        raise Refusal(Reason.NAME_UNCHANGED)
    is_proven = ial_of(user) >= IAL.PROOFED
    seen = sorted({ProofingCase.Document(kind).value for kind in documents}) if is_proven else []
    if is_proven and not policies.are_enough_documents(seen):
        raise Refusal(Reason.DOCUMENTS_MISSING)
    before = {field: getattr(user, field) for field in changed}
    user.correct_name({field: name[field] for field in changed})
    if is_proven:
        user.proof(at=clock.now())
    else:
        proof_withdrawal.stop_inquiries(user)
    user.save(update_fields=[*changed, "ial", "proofed_at"])
    proven: dict[str, Any] = {"documents": seen} if is_proven else {}
    events.record(
        Tag.NAME_CORRECTED,
        actor=agent,
        target=user,
        reason=reason.strip(),
        before=before,
        after={**{field: name[field] for field in changed}, **proven},
    )
    emails.name_corrected(user, reason=reason.strip(), is_proven=is_proven)
    return user
