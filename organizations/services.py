"""Finds organizations by name, and brings new ones into the portal."""

from django.db import transaction

import clock
from accounts.models import User
from accounts.text import clean, key
from accounts.verdicts import refused
from audit import events
from organizations.audit_tags import Tag
from organizations.models import Organization
from organizations.reasons import Reason

LONGEST_NAME = 200


def find(name: str) -> Organization | None:
    """Return the active organization of this name, in any spelling of case and spaces."""
    return Organization.objects.by_name(name)


@transaction.atomic
def register(*, name: str, kind: Organization.Kind, by: User) -> Organization:
    """Return the organization of this name, made now if the portal does not know it yet.

    Whoever comes second in a race gets the organization of the first. Raises Refusal for a
    retired organization and for a name that is empty or longer than 200 characters.
    """
    name = clean(name)
    if not name or len(name) > LONGEST_NAME:
        refused(Reason.NO_NAME).or_raise()
    organization, is_new = Organization.objects.get_or_create(
        name_key=key(name), defaults={"name": name, "kind": kind, "created_at": clock.now()}
    )
    if not organization.is_active:
        refused(Reason.RETIRED).or_raise()
    if is_new:
        events.record(
            Tag.ORGANIZATION_REGISTER,
            actor=by,
            target=organization,
            after={"name": name, "kind": kind},
        )
    return organization
