"""Opens an account for an agent with a reason, and verifies the caller before anything is done."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

import clock
from accounts.assurance import Strength
from accounts.models import User
from accounts.verdicts import Refusal
from audit import events
from support import emails_helpdesk as emails
from support import policies
from support.audit_tags import Tag
from support.models import Contact
from support.reasons import Reason
from support.services import caller_codes


@transaction.atomic
def open_contact(*, agent: User, person_id: int, reason: str, reference: str) -> Contact:
    """Open somebody's account for half an hour; the person is told, with the reason.

    Raises User.DoesNotExist, and ``Refusal`` as ``policies.may_open`` or REASON_MISSING.
    """
    person = locked(person_id)
    policies.may_open(agent, person).or_raise()
    if not (reason.strip() and reference.strip()):
        raise Refusal(Reason.REASON_MISSING)
    contact = Contact.objects.create(
        agent=agent,
        person=person,
        reason=reason.strip(),
        reference=reference.strip(),
        opened_at=clock.now(),
    )
    events.record(Tag.OPEN, actor=agent, target=person, reason=words(contact, contact.reason))
    emails.account_opened(contact)
    return contact


def current(*, agent: User, person: User) -> Contact | None:
    """Return the newest open contact of this agent with this person."""
    found = Contact.objects.open(clock.now()).filter(agent=agent, person=person)
    return found.select_related("person").order_by("-opened_at", "-pk").first()


def verify(*, agent: User, person_id: int, code: str) -> bool:
    """Judge the code that the caller read. A wrong one is counted and recorded, too.

    Raises User.DoesNotExist and ``Refusal`` as ``policies.may_look``.
    """
    with transaction.atomic():
        contact = under_contact(agent, person_id)
        proof = caller_codes.judge(contact=contact, typed=code)
        if proof is not None:
            _verified(contact, *proof, note="")
        else:
            events.record(
                Tag.VERIFY, actor=agent, target=contact.person, outcome="refused", reason="code"
            )
    return proof is not None


@transaction.atomic
def verify_otherwise(*, agent: User, person_id: int, way: Contact.Way, note: str) -> Contact:
    """Record that the agent verified the caller without a code, and what was checked.

    Such a caller gets less: no way into the account that rests on one agent's judgement.
    Raises User.DoesNotExist, and ``Refusal`` as ``policies.may_look`` or REASON_MISSING.
    """
    contact = under_contact(agent, person_id)
    if way not in Contact.BY_JUDGEMENT or not note.strip():
        raise Refusal(Reason.REASON_MISSING)
    _verified(contact, way, Strength.NONE, note=note.strip())
    return contact


def _verified(contact: Contact, way: Contact.Way, strength: Strength, *, note: str) -> None:
    contact.verify(way=way, at=clock.now(), note=note, strength=strength)
    contact.save()
    events.record(
        Tag.VERIFY,
        actor=contact.agent,
        target=contact.person,
        reason=words(contact, note),
        after={"way": str(way), "strength": strength.name.lower()},
    )


def under_contact(agent: User, person_id: int) -> Contact:
    """Lock the person and return the contact under which the agent may look.

    Raises User.DoesNotExist and ``Refusal``.
    """
    person = locked(person_id)
    contact = current(agent=agent, person=person)
    policies.may_look(agent, person, contact, now=clock.now()).or_raise()
    if contact is None:
        raise Refusal(Reason.NO_CONTACT)
    contact.agent, contact.person = agent, person
    return contact


def locked(person_id: int) -> User:
    """Lock the row of a person; the lock of everything that the help desk does to somebody."""
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def words(contact: Contact, reason: str) -> str:
    """Return a reason for the log, together with the call or ticket."""
    return f"{reason} ({contact.reference})".strip()


def lasts_until(contact: Contact) -> datetime | None:
    """Return until when actions are open, or None when the caller is not verified."""
    if contact.verified_at is None or not contact.is_verified(clock.now()):
        return None
    return contact.verified_at + settings.HELP_DESK_VERIFICATION_LIFETIME
