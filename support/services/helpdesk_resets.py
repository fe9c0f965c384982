"""Takes all MFA devices from somebody: one agent proposes it, another confirms it, in time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

import clock
from accounts.models import User
from accounts.services import device_changes
from accounts.verdicts import Refusal
from audit import events
from support import emails_helpdesk as emails
from support import policies
from support.audit_tags import Tag
from support.models import Proposal
from support.reasons import Reason
from support.services import helpdesk_contacts as contacts

State = Proposal.State


@transaction.atomic
def propose(*, agent: User, person_id: int, reason: str) -> Proposal:
    """Propose to remove all MFA devices of a verified caller; the person is told.

    A caller who has proven nothing (``policies.is_proven``) waits a day, so that the owner of the
    account can object. Raises User.DoesNotExist, and ``Refusal`` as ``policies.may_act``,
    REASON_MISSING, NOTHING_TO_RESET or PROPOSED_ALREADY.
    """
    now = clock.now()
    contact = contacts.under_contact(agent, person_id)
    policies.may_act(agent, contact.person, contact, now=now).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    if not contact.person.has_mfa:
        raise Refusal(Reason.NOTHING_TO_RESET)
    _drop_stale(contact.person)
    if Proposal.objects.filter(person=contact.person, state=State.OPEN).exists():
        raise Refusal(Reason.PROPOSED_ALREADY)
    is_proven = policies.is_proven(contact.person, contact)
    wait = timedelta() if is_proven else settings.HELP_DESK_RESET_WAIT
    proposal = Proposal.objects.create(
        person=contact.person,
        contact=contact,
        proposed_by=agent,
        proposed_at=now,
        reason=reason.strip()[:300],
        not_before=now + wait,
        expires_at=now + wait + settings.HELP_DESK_PROPOSAL_LIFETIME,
        security_version=contact.person.security_version,
    )
    events.record(
        Tag.PROPOSE,
        actor=agent,
        target=contact.person,
        reason=contacts.words(contact, proposal.reason),
        after={"way": contact.way, "not_before": proposal.not_before.isoformat()},
    )
    emails.reset_proposed(proposal)
    return proposal


def look(*, agent: User, proposal: Proposal) -> None:
    """Record that an agent saw a proposal, which names a person without an opened account."""
    events.record(
        Tag.SEE,
        actor=agent,
        target=proposal.person,
        reason=contacts.words(proposal.contact, proposal.reason),
    )


@transaction.atomic
def confirm(*, agent: User, proposal_id: int, reason: str) -> Proposal:
    """Carry a proposal out as its second agent; each device removed is recorded and told.

    ``reason`` is what the second agent has checked. Raises Proposal.DoesNotExist, and ``Refusal``
    as ``policies.may_confirm`` or REASON_MISSING.
    """
    proposal = _locked(proposal_id)
    policies.may_confirm(agent, proposal, now=clock.now()).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    proposal.decide(State.DONE, by=agent, at=clock.now())
    proposal.save()
    events.record(
        Tag.CONFIRM,
        actor=agent,
        target=proposal.person,
        reason=contacts.words(proposal.contact, reason.strip()),
        after={"proposed_by": proposal.proposed_by.user_id, "proposed_for": proposal.reason},
    )
    device_changes.remove_all(
        user=proposal.person,
        actor=agent,
        reason=contacts.words(proposal.contact, reason.strip()),
    )
    return proposal


@transaction.atomic
def drop(*, agent: User, proposal_id: int, reason: str) -> Proposal:
    """Drop a proposal; the person is told. Raises as ``confirm``, or ``Refusal`` REASON_MISSING."""
    proposal = _locked(proposal_id)
    policies.may_drop(agent, proposal).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    proposal.decide(State.DROPPED, by=agent, at=clock.now())
    proposal.save()
    events.record(Tag.DROP, actor=agent, target=proposal.person, reason=reason.strip())
    emails.reset_dropped(proposal, reason=reason.strip())
    return proposal


def _drop_stale(person: User) -> None:
    """Close open proposals whose time is over, or that the account has changed under."""
    for stale in Proposal.objects.select_for_update().filter(person=person, state=State.OPEN):
        changed = stale.security_version != person.security_version
        if changed or stale.expires_at <= clock.now():
            stale.decide(State.DROPPED, by=None, at=clock.now())
            stale.save()
            events.record(Tag.DROP, actor=None, target=person, reason="stale")


def _locked(proposal_id: int) -> Proposal:
    """The person first, then the proposal, as everywhere at the help desk."""
    person_id = Proposal.objects.values_list("person_id", flat=True).get(pk=proposal_id)
    person = contacts.locked(person_id)
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    proposal.person = person
    proposal.contact.person = person
    return proposal
