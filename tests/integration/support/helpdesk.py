"""A help desk of zONE, the portal's own, and people for both to serve."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

import clock
from accounts.assurance import Strength
from accounts.models import MFADevice, PortalSession, User
from accounts.services import devices
from audit.models import AuditEntry
from catalog.models import Role
from notifications.models import OutboxMessage
from support.models import Contact
from support.services import helpdesk_contacts as contacts
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.accounts import user
from tests.factories.catalog import make_role, make_zone

WHY = {"reason": "Cannot log in", "reference": "CALL-77"}


@dataclass
class Desks:
    """The agents and their people; each is made when asked for."""

    roles: dict[str, Role]

    @cached_property
    def agent(self) -> User:
        """Serves the people of zONE."""
        person = cast.system_help_desk()
        make_grant(person, self.roles["helpdesk"])
        return strong(person)

    @cached_property
    def colleague(self) -> User:
        """Serves the people of zONE, too."""
        person = user("helpdesk.second")
        make_grant(person, self.roles["helpdesk"])
        return strong(person)

    @cached_property
    def portal_agent(self) -> User:
        """Serves everybody."""
        return strong(cast.portal_help_desk())

    @cached_property
    def second_portal_agent(self) -> User:
        """Serves everybody, too."""
        person = user("helpdesk.night")
        person.groups.add(Group.objects.get_or_create(name="Portal help desk")[0])
        return strong(person)

    @cached_property
    def person(self) -> User:
        """Holds a role of zONE."""
        found = cast.assister(phone="+14105550142", city="Annapolis", state="MD", zip_code="21401")
        make_grant(found, self.roles["end-user"])
        return without_device(found)

    @cached_property
    def approver(self) -> User:
        """Holds a role of zONE that demands a strong factor."""
        found = cast.cms_approver()
        make_grant(found, self.roles["cms-approver"])
        return found

    @cached_property
    def outsider(self) -> User:
        """Holds a role, but none of zONE."""
        found = cast.stranger()
        make_grant(found, make_role())
        return without_device(found)


def make_desks() -> Desks:
    """Make zONE with its roles."""
    return Desks(make_zone())


def without_device(person: User) -> User:
    """The same person with nothing but a password."""
    person.has_mfa = person.has_strong_factor = False
    person.save(update_fields=["has_mfa", "has_strong_factor"])
    return person


def strong(person: User) -> User:
    """The same person as if signed in with a strong second factor."""
    person.session_strength = Strength.STRONG
    return person


def strong_client(person: User) -> Client:
    """A client signed in with a strong second factor a moment ago."""
    client = Client()
    row = cast.sign_in(client, person)
    PortalSession.objects.filter(pk=row.pk).update(
        strength=Strength.STRONG, verified_at=clock.now()
    )
    return client


def device(person: User, kind: str = "email", **fields: Any) -> MFADevice:
    """Give the person a confirmed device."""
    found = devices.add(user=person, kind=kind, **fields)
    found.confirm()
    found.save()
    person.refresh_from_db()
    devices.refresh(person)
    return found


def opened(
    agent: User, person: User, *, way: str = "", strength: Strength = Strength.STRONG
) -> Contact:
    """Open the person's account for the agent, with a verified caller if there is a way."""
    contact = contacts.open_contact(agent=agent, person_id=person.pk, **WHY)
    if way:
        contact.verify(way=Contact.Way(way), at=clock.now(), strength=strength)
        contact.save()
    return contact


def page_of(person: User) -> str:
    """Where an agent sees the person."""
    return reverse("support:helpdesk_person", args=[person.pk])


def action_of(person: User, action: str) -> str:
    """Where an agent does something to the person."""
    return reverse("support:helpdesk_action", args=[person.pk, action])


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def recorded(tag: str) -> list[AuditEntry]:
    """What the log holds under a tag."""
    return list(AuditEntry.objects.filter(tag=tag).order_by("pk"))


def subjects(person: User) -> list[str]:
    """The subjects of the mails to a person, the oldest first."""
    sent = OutboxMessage.objects.filter(to=person.email).order_by("pk")
    return [message.subject for message in sent]
