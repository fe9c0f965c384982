"""Searches among 50,000 people: by an index whatever is typed, within a budget of statements."""

import json
import statistics
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Role
from tests.factories.catalog import make_role
from tests.integration.support.helpdesk import WHY, Desks, make_desks, strong_client

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600)]

PEOPLE = 50_000
HERE, EVERYWHERE = "/helpdesk/", "/helpdesk/enterprise/"
BUDGETS = {HERE: 13, EVERYWHERE: 15}  # with the page around it
SEEN_ACTIVE = 'UPDATE "accounts_portalsession"'
MOST_ROWS = PEOPLE // 4  # a walk through everybody reads all of them
ROUNDS = 5

# Everybody is a copy of one person with one role, but for what makes people differ. One in fifty
# holds a role of the agent's system, the others one of two hundred in as many other systems.
FILL = """
insert into accounts_user
select made.* from accounts_user one, generate_series(1, %(people)s) n,
lateral jsonb_populate_record(one, jsonb_build_object(
    'id', 1000000 + n, 'user_id', 'worker.' || n, 'user_id_key', 'worker.' || n,
    'email', 'w' || n || '@people.example', 'email_key', 'w' || n || '@people.example',
    'first_name',
    (array['Alex','Blair','Casey','Dana','Eden','Finley','Gray','Harper'])[1 + n %% 8],
    'last_name', (array['North','South','East','West','Hill'])[1 + n %% 5] || n,
    'phone', '+1937' || lpad(n::text, 7, '0'))) made
where one.id = %(person)s;
insert into access_requests_accessrequest
select made.* from access_requests_accessrequest one, generate_series(1, %(people)s) n,
catalog_role r,
lateral jsonb_populate_record(one, jsonb_build_object(
    'id', 1000000 + n, 'requester_id', 1000000 + n, 'role_id', r.id, 'system_id', r.system_id,
    'tracking_number', 1000000 + n || '00', 'closed_at', now() - interval '199 days')) made
where one.requester_id = %(person)s
    and r.id = case when n %% 50 = 0 then %(here)s else (%(elsewhere)s)[1 + n %% 200] end;
insert into access_requests_decision
select made.* from access_requests_decision one, generate_series(1, %(people)s) n,
lateral jsonb_populate_record(one, jsonb_build_object(
    'id', 1000000 + n, 'access_request_id', 1000000 + n, 'requester_id', 1000000 + n)) made
where one.requester_id = %(person)s;
insert into access_requests_grant
select made.* from access_requests_grant one, generate_series(1, %(people)s) n,
lateral jsonb_populate_record(one, jsonb_build_object(
    'id', 1000000 + n, 'person_id', 1000000 + n, 'decision_id', 1000000 + n,
    'role_id', case when n %% 50 = 0 then %(here)s else (%(elsewhere)s)[1 + n %% 200] end)) made
where one.person_id = %(person)s;
analyze accounts_user;
analyze access_requests_accessrequest;
analyze access_requests_decision;
analyze access_requests_grant;
analyze catalog_role;
analyze catalog_system;
"""
TYPED = {
    "a name": "Alex",
    "two names": "Alex Hill312",
    "a rare name": "Hill48",
    "a User ID": "worker.31250",
    "the beginning of one": "worker.312",
    "an e-mail address": "w31250@people.example",
    "a telephone number": "(937) 003-1250",
    "the end of one": "003-1250",
    "nobody": "Nobody Atall",
}


@pytest.fixture
def desks() -> Desks:
    """Both help desks, and a world full of people."""
    made = make_desks()
    _fill(made.person, here=made.roles["end-user"], elsewhere=[make_role() for _ in range(200)])
    return made


def _fill(one: User, *, here: Role, elsewhere: list[Role]) -> None:
    keys = [role.pk for role in elsewhere]
    sizes: dict[str, Any] = {"people": PEOPLE, "person": one.pk, "here": here.pk, "elsewhere": keys}
    with connection.cursor() as cursor:
        cursor.execute(FILL, sizes)


def _search(client: Client, where: str, wanted: str) -> tuple[float, str, int]:
    """Search as the page does: the time it took, the statement that looked, how many there were."""
    times = []
    for _ in range(ROUNDS):
        with CaptureQueriesContext(connection) as seen:
            started = time.perf_counter()
            answer = client.post(where, {"q": wanted, **WHY})
            times.append(time.perf_counter() - started)
        assert answer.status_code == 200
    looking = [
        query["sql"]
        for query in seen.captured_queries
        if 'FROM "accounts_user"' in query["sql"] and "LIMIT 26" in query["sql"]
    ]
    assert len(looking) == 1, looking
    counted = [  # without the note of activity, once a minute
        query for query in seen.captured_queries if SEEN_ACTIVE not in query["sql"]
    ]
    return statistics.median(times) * 1000, looking[0], len(counted)


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in _nodes(part))]


def _most_rows(statement: str) -> int:
    """How many rows the hardest working part of the plan looks at, whether it keeps them or not."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {statement}")
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    rows = max(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in _nodes(plan)
    )
    return int(rows)


def test_every_search_finds_by_an_index_and_within_its_statements(desks: Desks) -> None:
    agents = {
        HERE: strong_client(desks.agent),
        EVERYWHERE: strong_client(desks.portal_agent),
    }
    told, wrong = [], []
    for where, client in agents.items():
        for kind, typed in TYPED.items():
            ms, statement, count = _search(client, where, typed)
            rows = _most_rows(statement)
            told.append(f"{where} by {kind}: {ms:.0f} ms, {count} statements, {rows} rows read")
            if rows > MOST_ROWS or count > BUDGETS[where]:
                wrong.append(told[-1])
    print("\n".join(told))

    assert wrong == []
