"""Moves pending requests when the people who could decide them change."""

from collections import defaultdict
from typing import Any

from django.db import transaction

import clock
from access_requests import emails, routing
from access_requests.audit_tags import Tag
from access_requests.models import AccessRequest
from access_requests.models.requests import AccessRequestQuerySet, Court
from accounts.models import User
from audit import events
from catalog.models import ApprovalRule

BATCH = 500


@transaction.atomic
def reroute(waiting: AccessRequestQuerySet, *, actor: User | None) -> int:
    """Send each request whose route is not the best any more to the people it now leads to.

    Tells those people in one mail each. Rows that somebody is deciding in this moment are left
    to the next sweep. Returns how many moved.
    """
    moved = after = 0
    while batch := _batch(waiting, after):
        _move(batch, actor)
        moved, after = moved + len(batch), batch[-1].pk
    return moved


def sweep() -> int:
    """Look at every pending request, in batches with a transaction each; return how many moved.

    Catches what has no event of its own: a rule edited, a group joined, an account opened again.
    """
    moved = after = 0
    while batch := _sweep_batch(after):
        moved, after = moved + len(batch), batch[-1].pk
    return moved


@transaction.atomic
def _sweep_batch(after: int) -> list[Any]:
    batch = _batch(AccessRequest.objects.all(), after)
    if batch:
        _move(batch, None)
    return batch


def _batch(waiting: AccessRequestQuerySet, after: int) -> list[Any]:
    """Lock some misrouted requests beyond a key; each row carries its best route."""
    return list(
        routing.misrouted(waiting.filter(pk__gt=after))
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .with_all()
        .order_by("pk")[:BATCH]
    )


def _move(batch: list[Any], actor: User | None) -> None:
    rules = ApprovalRule.objects.select_related("approver_role").in_bulk(
        {row.best_rule for row in batch if row.best_rule}
    )
    before = {row.pk: (row.court, row.routed_rule_id) for row in batch}
    for row in batch:
        row.court, row.routed_rule = row.best_court, rules.get(row.best_rule)
    groups: defaultdict[tuple[str, int | None], list[int]] = defaultdict(list)
    for row in batch:
        groups[row.court, row.routed_rule_id].append(row.pk)
    for (court, rule), keys in groups.items():
        AccessRequest.objects.filter(pk__in=keys).update(court=court, routed_rule=rule)
    events.record_many(
        events.Event(
            tag=Tag.REROUTE,
            actor=actor,
            target=row,
            before=dict(zip(("court", "rule"), before[row.pk], strict=True)),
            after={"court": row.court, "rule": row.routed_rule_id},
        )
        for row in batch
    )
    emails.access_requests_rerouted(people_by_request(batch), on=clock.today())


def people_by_request(batch: list[AccessRequest]) -> dict[User, list[AccessRequest]]:
    """Return each person who can decide with the requests of the batch; asks once per court."""
    groups: defaultdict[tuple[object, ...], list[AccessRequest]] = defaultdict(list)
    for row in batch:
        groups[_court_key(row)].append(row)
    work: defaultdict[User, list[AccessRequest]] = defaultdict(list)
    for rows in groups.values():
        for person in routing.everybody_in_court_of(rows[0]):
            work[person].extend(row for row in rows if row.requester_id != person.pk)
    return {person: rows for person, rows in work.items() if rows}


def _court_key(row: AccessRequest) -> tuple[object, ...]:
    match row.court:
        case Court.HELP_DESK:
            return (row.court,)
        case Court.OWNER:
            return (row.court, row.system_id)
        case _:
            return (row.court, row.routed_rule_id, row.organization_id)
