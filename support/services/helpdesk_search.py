"""Finds people for an agent: among those of an application, or among everybody."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Reverse

from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from accounts import text
from accounts.models import SecurityCase, User
from accounts.services import proofing_cases
from accounts.verdicts import Refusal
from audit import events
from support import desks, policies
from support.audit_tags import Tag
from support.reasons import Reason

MOST = 25
_NUMBER = re.compile(r"\d{9,10}")
_LETTER = re.compile(r"[^\W\d_]")
SHORTEST_PHONE = 7
# Not the column itself: PostgreSQL would walk through everybody in this order, hoping to meet
# enough of a rare name soon. So it looks them up and sorts the few there are.
_BY_USER_ID = Concat("user_id_key", Value(""))


@dataclass(frozen=True)
class Found:
    """Who fits, at most MOST of them, and whether there are more."""

    people: list[User]
    is_cut: bool


@transaction.atomic
def search(
    *, agent: User, wanted: str, everybody: bool, system: int | None, reason: str, reference: str
) -> Found:
    """Find people by User ID, name, e-mail, phone, tracking number or number of a case.

    ``everybody`` is the Enterprise Search; otherwise the agent's own systems are searched, or the
    one with the key ``system``. The search is recorded with its reason. Raises ``Refusal``
    NO_AGENT, WEAK_SESSION, NO_PORTAL_AGENT, ELSEWHERE or REASON_MISSING.
    """
    policies.may_work(agent).or_raise()
    desk = desks.desk_of(agent)
    if everybody:
        policies.serves_everybody(agent).or_raise()
    systems = desk.own_systems()
    if system is not None:
        systems = systems.filter(pk=system)
        if not systems.exists():
            raise Refusal(Reason.ELSEWHERE)
    if not (reason.strip() and reference.strip()):
        raise Refusal(Reason.REASON_MISSING)
    people = User.objects.all() if everybody else desks.people_in(systems.order_by().values("pk"))
    rows = list(_matching(people, wanted).order_by(_BY_USER_ID)[: MOST + 1])
    events.record(
        Tag.SEARCH,
        actor=agent,
        target=None,
        reason=f"{reason.strip()} ({reference.strip()})",
        after={
            "wanted": wanted,
            "everybody": everybody,
            "system": system,
            "found": [person.user_id for person in rows[:MOST]],
        },
    )
    return Found(rows[:MOST], len(rows) > MOST)


def _matching(people: QuerySet[User], wanted: str) -> QuerySet[User]:
    digits = "".join(re.findall(r"\d", wanted))
    key = text.key(wanted)
    if "@" in wanted:
        return people.filter(email_key__startswith=key)
    if (owner := _owner_of(wanted)) is not None:
        return people.filter(pk=owner)
    if len(digits) >= SHORTEST_PHONE and not _LETTER.search(wanted):
        # The end of a number is the beginning of it read backwards, which an index knows.
        backwards = people.annotate(phone_backwards=Reverse("phone"))
        return backwards.filter(phone_backwards__startswith=digits[-10:][::-1])
    named = Q()
    for word in wanted.split()[:5]:
        named &= Q(first_name__istartswith=word) | Q(last_name__istartswith=word)
    return people.filter(Q(user_id_key__startswith=key) | named)


def _owner_of(number: str) -> int | None:
    """Return whose request or case has this number."""
    if _NUMBER.fullmatch(number):
        numbered = AccessRequest.objects.exclude(status=Status.DRAFT).filter(tracking_number=number)
        return numbered.values_list("requester_id", flat=True).first()
    if (case := proofing_cases.find(number)) is not None:
        return case.user_id
    report = SecurityCase.objects.filter(reference=number.upper())
    return report.values_list("user_id", flat=True).first()
