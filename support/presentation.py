"""Puts an account into the words and rows of the help desk console, masked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

import clock
from accounts import masks, user_agents
from accounts.models import (
    PortalSession,
    ProofingCase,
    SecurityCase,
    ThrottleCounter,
    User,
)
from accounts.services import devices, second_factor, sign_in
from notifications.models import OutboxMessage
from support import masking
from support.models import Proposal
from support.services.helpdesk_sending import can_receive

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
MOST_ROWS = 50
SIGN_INS = 5

Row = dict[str, Any]


@dataclass(frozen=True)
class State:
    """A state in words, with the kind of ``components/status_tag.html``."""

    label: str
    kind: str


def hit(person: User, agent: User) -> Row:
    """Return a line of a search result."""
    return {
        "user_id": person.user_id,
        "name": person.get_full_name(),
        "email": masks.email(person.email),
        "states": states_of(person),
        "href": reverse("support:helpdesk_person", args=[person.pk]),
        "is_own": person.pk == agent.pk,
    }


def states_of(person: User, locks: Iterable[tuple[str, datetime]] = ()) -> list[State]:
    """Return everything that keeps the person out, or that nothing does."""
    found = [
        (person.deactivated_at, _("Closed"), "bad"),
        (person.suspended_at, _("Suspended"), "bad"),
        (person.frozen_at, _("Frozen by its owner"), "bad"),
        (person.expired_at, _("Expired unused"), "over"),
    ]
    states = [State(label, kind) for moment, label, kind in found if moment is not None]
    states += [State(f"{label}, {when(until)}", "waiting") for label, until in locks]
    if not states:
        states = [State(_("Active"), "good") if person.is_active else State(_("Closed"), "bad")]
    return states


def locks_of(person: User) -> list[tuple[str, datetime]]:
    """Return what wrong tries have locked, and until when; by one query.

    A lock of a browser that the account knows is not among them: nobody can tell whose it is.
    """
    labels = {
        sign_in.account_bucket(person.user_id, None): _("Sign-in locked until"),
        second_factor.bucket(person): _("Security codes locked until"),
    }
    closed = {
        counter.key_hash: counter.closed_until
        for counter in ThrottleCounter.objects.filter(
            key_hash__in=[bucket.key_hash for bucket in labels], closed_until__gt=clock.now()
        )
    }
    return [
        (label, until)
        for bucket, label in labels.items()
        if (until := closed.get(bucket.key_hash)) is not None
    ]


def facts_of(person: User) -> list[Row]:
    """Return the facts about the person, masked."""
    facts = [
        (_("User ID"), person.user_id),
        (_("Name"), person.get_full_name()),
        (_("E-mail"), masks.email(person.email)),
        (_("Phone"), masks.phone(person.phone)),
        (_("Home address"), masking.address(person)),
        (_("Identity assurance"), person.get_ial_display()),
        (_("Account since"), when(person.created_at)),
        (_("Last sign-in"), when(person.last_sign_in_at) if person.last_sign_in_at else _("Never")),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def devices_of(person: User) -> list[Row]:
    """Return the MFA devices."""
    return [
        {
            "name": device.name,
            "kind": device.get_kind_display(),
            "target": device.masked_target,
            "used": when(device.last_used_at) if device.last_used_at else _("Never"),
            "is_default": device.is_default,
        }
        for device in devices.confirmed_for(person)
    ]


def devices_for_codes(person: User) -> list[tuple[int, str]]:
    """Return the devices that a code can be sent to, as choices of a form."""
    return [
        (device.pk, f"{device.get_kind_display()} {device.masked_target}".strip())
        for device in devices.confirmed_for(person)
        if can_receive(device)
    ]


def sign_ins_of(person: User) -> list[Row]:
    """Return the last sessions: when, with what browser and how strongly, and how they ended."""
    rows = PortalSession.objects.filter(user=person).order_by("-created_at", "-pk")
    return [
        {
            "at": when(row.created_at),
            "browser": user_agents.describe(row.user_agent),
            "strength": row.get_strength_display(),
            "end": row.get_end_reason_display() if row.end_reason else _("Open"),
        }
        for row in rows[:SIGN_INS]
    ]


def proofing_case_of(person: User) -> ProofingCase | None:
    """Return the newest proofing case."""
    return person.proofing_cases.order_by("-opened_at").first()


def security_cases_of(person: User) -> list[SecurityCase]:
    """Return the reports "this was not me", the newest first."""
    return list(person.security_cases.order_by("-opened_at")[:SIGN_INS])


def proposal_of(person: User) -> Proposal | None:
    """Return the proposal that waits for a second agent."""
    waiting = Proposal.objects.open(clock.now()).filter(
        person=person, security_version=person.security_version
    )
    return waiting.first()


def failed_mails(person: User | None = None) -> list[Row]:
    """Return mails that could not be delivered, of one person or of all, the newest first.

    In the list of all, which is shown without a reason, no number leads from a mail to somebody.
    """
    failed = OutboxMessage.objects.filter(status=OutboxMessage.Status.FAILED)
    if person is not None:
        failed = failed.filter(recipient=person)
    rows = failed.order_by("-pk")
    return [
        {
            "pk": row.pk,
            "at": when(row.created_at),
            "to": masks.email(row.to),
            "subject": row.subject if person is not None else masking.numbers(row.subject),
            "error": _ADDRESS.sub(lambda found: masks.email(found[0]), row.last_error),
        }
        for row in rows[: MOST_ROWS if person is None else SIGN_INS]
    ]


def when(moment: datetime) -> str:
    """Return a time in the portal's time zone, as pages show it."""
    return date_format(localtime(moment), "DATETIME_FORMAT")
