"""What an agent does to an account for a verified caller: each with a reason, recorded and told."""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

import clock
from accounts.audit_tags import Tag
from accounts.models import PortalSession, SecurityCase, User
from accounts.services import (
    codes,
    device_changes,
    disavowal,
    email_change,
    name_correction,
    proofing_cases,
    recovery_start,
    second_factor,
    sessions,
    sign_in,
    suspension,
    throttle,
)
from accounts.verdicts import Refusal, Verdict
from audit import events
from support import emails_helpdesk as emails
from support import policies
from support.models import Contact
from support.reasons import Reason
from support.services import helpdesk_contacts as contacts

Policy = Callable[..., Verdict]


@transaction.atomic
def unlock(*, agent: User, person_id: int, reason: str) -> None:
    """Forget wrong passwords and codes, so that the person can sign in at once.

    Browsers known to the account have counters of their own, which only a new security version
    forgets; open sessions end with it. Raises User.DoesNotExist, and ``Refusal`` as
    ``policies.may_act`` or REASON_MISSING, like everything here.
    """
    contact = _acting(agent, person_id, reason)
    person = contact.person
    throttle.clear(sign_in.account_bucket(person.user_id, None))
    second_factor.unlock(user=person)
    person.security_version += 1
    person.save(update_fields=["security_version"])
    sessions.end_all(user=person, reason=PortalSession.End.ACCOUNT_CHANGED)
    events.record(
        Tag.UNLOCK, actor=agent, target=person, reason=contacts.words(contact, reason.strip())
    )
    emails.unlocked(contact, reason=reason.strip())


@transaction.atomic
def suspend(*, agent: User, person_id: int, reason: str) -> None:
    """Let the account rest for a while."""
    contact = _acting(agent, person_id, reason)
    suspension.suspend(user_id=person_id, actor=agent, reason=contacts.words(contact, reason))


@transaction.atomic
def unsuspend(*, agent: User, person_id: int, reason: str) -> None:
    """End a suspension."""
    contact = _acting(agent, person_id, reason)
    suspension.unsuspend(user_id=person_id, actor=agent, reason=contacts.words(contact, reason))


@transaction.atomic
def send_reset(*, agent: User, person_id: int, lost_factor: bool, reason: str) -> None:
    """Mail the link to a new password to its owner; the agent sees neither link nor password.

    With ``lost_factor`` the link leaves after a day, announced to all addresses, and asks for no
    second proof. Raises ``Refusal`` NOT_ALLOWED for an account that is shut besides.
    """
    contact = _acting(agent, person_id, reason)
    recovery_start.start_by_help_desk(
        user_id=person_id,
        actor=agent,
        reason=contacts.words(contact, reason.strip()),
        lost_factor=lost_factor,
    )


@transaction.atomic
def issue_code(*, agent: User, person_id: int, reason: str) -> str:
    """Issue a One-Time Security Code; returns it, to be shown once and read to the caller.

    Raises ``Refusal`` NOT_PROVEN or PROVEN_WEAKLY besides.
    """
    contact = _acting(agent, person_id, reason, policies.may_give_a_way_in)
    why = contacts.words(contact, reason.strip())
    code = codes.issue_one_time(user=contact.person, by=agent, mailed=False, reason=why)
    emails.one_time_code_issued(contact, reason=reason.strip())
    return codes.readable(code)


@transaction.atomic
def remove_device(*, agent: User, person_id: int, device_id: int, reason: str) -> None:
    """Take one MFA device away. Raises ``Refusal`` SECOND_AGENT or NO_SUCH_DEVICE besides."""
    contact = _acting(agent, person_id, reason, policies.may_remove_device)
    device_changes.remove(
        user=contact.person,
        device_id=device_id,
        actor=agent,
        reason=contacts.words(contact, reason.strip()),
    )


def change_email(*, agent: User, person_id: int, email: str, reason: str) -> None:
    """Begin to move the account to another address; both addresses are told, the new confirms.

    Raises ``Refusal`` NOT_PROVEN, PROVEN_WEAKLY, ALREADY_SO or TOO_MANY_EMAIL_CHANGES besides.
    """
    with transaction.atomic():
        contact = _acting(agent, person_id, reason, policies.may_give_a_way_in)
    why = contacts.words(contact, reason.strip())
    email_change.ask(user=contact.person, email=email, actor=agent, reason=why)


@transaction.atomic
def correct_name(
    *,
    agent: User,
    person_id: int,
    name: Mapping[str, str],
    documents: Sequence[str] = (),
    reason: str,
) -> None:
    """Correct the legal name; for a proven identity with the kinds of documents that were seen.

    Raises ``Refusal`` NOT_PROVEN, or as ``name_correction.correct`` besides.
    """
    contact = _acting(agent, person_id, reason, policies.may_give_a_way_in)
    name_correction.correct(
        user_id=person_id,
        agent=agent,
        name=name,
        documents=documents,
        reason=contacts.words(contact, reason.strip()),
    )


@transaction.atomic
def record_phone(*, agent: User, person_id: int, case_id: int, passed: bool, reason: str) -> None:
    """Record how the identity check by phone ended. Raises ``Refusal`` CASE_ELSEWHERE besides."""
    contact = _acting(agent, person_id, reason)
    _own_case(contact, case_id)
    proofing_cases.record_phone(
        case_id=case_id, agent=agent, passed=passed, reason=contacts.words(contact, reason.strip())
    )


@transaction.atomic
def record_documents(
    *,
    agent: User,
    person_id: int,
    case_id: int,
    passed: bool,
    documents: Sequence[str],
    reason: str,
) -> None:
    """Record which kinds of documents were seen, and whether they prove the identity.

    Raises ``Refusal`` CASE_ELSEWHERE or DOCUMENTS_MISSING besides.
    """
    contact = _acting(agent, person_id, reason)
    _own_case(contact, case_id)
    proofing_cases.record_manual(
        case_id=case_id,
        agent=agent,
        passed=passed,
        documents=documents,
        reason=contacts.words(contact, reason.strip()),
    )


@transaction.atomic
def close_case(
    *,
    agent: User,
    person_id: int,
    case_id: int,
    resolution: SecurityCase.Resolution,
    reason: str,
) -> None:
    """Close a report "this was not me"; the freeze ends unless the account stays closed.

    Raises ``Refusal`` CASE_CLOSED besides, and SecurityCase.DoesNotExist.
    """
    contact = _acting(agent, person_id, reason)
    case = SecurityCase.objects.get(pk=case_id, user=contact.person)
    disavowal.close_case(
        case_id=case.pk,
        actor=agent,
        resolution=resolution,
        note=contacts.words(contact, reason.strip()),
    )


def _acting(agent: User, person_id: int, reason: str, policy: Policy = policies.may_act) -> Contact:
    """Lock the person, ask whether the agent may, and return the contact under which it happens."""
    contact = contacts.under_contact(agent, person_id)
    policy(agent, contact.person, contact, now=clock.now()).or_raise()
    if not reason.strip():
        raise Refusal(Reason.REASON_MISSING)
    return contact


def _own_case(contact: Contact, case_id: int) -> None:
    """Make sure the case is the person's; raises ProofingCase.DoesNotExist."""
    contact.person.proofing_cases.get(pk=case_id)
