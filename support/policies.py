"""Who may do what in the support room: each function answers one question."""

from datetime import datetime
from typing import Any

from accounts.assurance import Strength, is_strong, must_be_strong
from accounts.models import User
from accounts.verdicts import ALLOWED, Verdict, refused
from support import desks
from support.desks import READ_LOG_PERMISSION, Rank
from support.models import Contact, Proposal
from support.reasons import Reason

RETRY_MAIL_PERMISSION = "notifications.retry_outboxmessage"


def may_read_audit_log(user: Any) -> Verdict:
    """Whether this person reads and exports the audit log."""
    if user.is_active and user.has_perm(READ_LOG_PERMISSION):
        return ALLOWED
    return refused(Reason.NOT_AN_AUDITOR)


def serves_people(user: Any) -> Verdict:
    """Whether this person works at a help desk at all, however they signed in."""
    if user.is_authenticated and desks.is_agent(user):
        return ALLOWED
    return refused(Reason.NO_AGENT)


def serves_everybody(user: Any) -> Verdict:
    """Whether this person works at the help desk of the portal."""
    if user.is_authenticated and desks.desk_of(user).everybody:
        return ALLOWED
    return refused(Reason.NO_PORTAL_AGENT)


def may_retry_mail(user: Any) -> Verdict:
    """Whether this person sees mails that failed and has them sent again."""
    able = serves_everybody(user)
    if able and not user.has_perm(RETRY_MAIL_PERMISSION):
        return refused(Reason.NO_PORTAL_AGENT)
    return able


def may_work(agent: User) -> Verdict:
    """Whether the agent may look at people now: with a strong second factor only."""
    if not (agent.is_active and desks.is_agent(agent)):
        return refused(Reason.NO_AGENT)
    return ALLOWED if is_strong(agent) else refused(Reason.WEAK_SESSION)


def may_open(agent: User, person: User) -> Verdict:
    """Whether the agent may open the account of a person: served, not above, not the agent."""
    able = may_work(agent)
    if not able:
        return able
    if not desks.people_of(desks.desk_of(agent)).filter(pk=person.pk).exists():
        return refused(Reason.ELSEWHERE)
    if agent.pk == person.pk:
        return refused(Reason.OWN_ACCOUNT)
    if desks.rank_of(person) > desks.rank_of(agent):
        # Above the portal's own desk stand administrators only, and nobody further to pass on to.
        is_highest = desks.desk_of(agent).everybody
        return refused(Reason.ADMINISTRATORS_ACCOUNT if is_highest else Reason.HIGHER_ACCOUNT)
    return ALLOWED


def may_look(agent: User, person: User, contact: Contact | None, *, now: datetime) -> Verdict:
    """Whether the agent may see the account now: under an open contact with its reason."""
    able = may_open(agent, person)
    if able and (contact is None or not contact.is_open(now)):
        return refused(Reason.NO_CONTACT)
    return able


def may_act(agent: User, person: User, contact: Contact | None, *, now: datetime) -> Verdict:
    """Whether the agent may change the account now: once the caller was verified."""
    able = may_look(agent, person, contact, now=now)
    if able and contact is not None and not contact.is_verified(now):
        return refused(Reason.NOT_VERIFIED)
    return able


def is_proven(person: User, contact: Contact) -> bool:
    """Whether the caller read a code that proves as much as this person's work demands.

    From people who hold a strong factor because their work demands it, a code of a weak session
    or device proves no more than the agent's judgement: a weak factor would become a strong one.
    """
    is_weak = contact.strength < Strength.STRONG and must_be_strong(person)
    return contact.is_by_code and not is_weak


def may_give_a_way_in(
    agent: User, person: User, contact: Contact | None, *, now: datetime
) -> Verdict:
    """Whether the agent may give a code, move the address or correct the name.

    For a caller who has proven it: whoever is taken for the person could become it.
    """
    able = may_act(agent, person, contact, now=now)
    if not able or contact is None or is_proven(person, contact):
        return able
    return refused(Reason.PROVEN_WEAKLY if contact.is_by_code else Reason.NOT_PROVEN)


def may_remove_device(
    agent: User, person: User, contact: Contact | None, *, now: datetime
) -> Verdict:
    """Whether the agent alone may take a device away.

    Not from people whose work demands a strong factor, and not for a caller who has proven nothing:
    there a second agent has to agree to a proposal.
    """
    able = may_act(agent, person, contact, now=now)
    if not able or contact is None:
        return able
    is_alone = is_proven(person, contact) and desks.rank_of(person) < Rank.WORKER
    return ALLOWED if is_alone else refused(Reason.SECOND_AGENT)


def may_confirm(agent: User, proposal: Proposal, *, now: datetime) -> Verdict:
    """Whether the agent is the second one that a proposal needs, and it is time."""
    able = may_open(agent, proposal.person)
    if not able:
        return able
    if proposal.proposed_by_id == agent.pk:
        return refused(Reason.OWN_PROPOSAL)
    is_open = proposal.state == Proposal.State.OPEN and now < proposal.expires_at
    if not is_open or proposal.security_version != proposal.person.security_version:
        return refused(Reason.PROPOSAL_OVER)
    return refused(Reason.TOO_EARLY) if now < proposal.not_before else ALLOWED


def may_drop(agent: User, proposal: Proposal) -> Verdict:
    """Whether the agent may drop a proposal; the one who made it may, too."""
    able = may_open(agent, proposal.person)
    if able and proposal.state != Proposal.State.OPEN:
        return refused(Reason.PROPOSAL_OVER)
    return able
