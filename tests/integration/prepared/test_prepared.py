"""A prepared query gives what the queryset gives, for any values, by one statement."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from pytest_django import DjangoAssertNumQueries

import clock
from accounts.models import PortalSession, User
from prepared import Prepared, Statement, any_of, like, statements

pytestmark = pytest.mark.django_db

BY_NAME = Prepared(lambda name: User.objects.filter(user_id_key=name), name=str)
SESSION = Prepared(
    lambda person: PortalSession.objects.select_related("user").filter(user=person), person=int
)
NAMES = Prepared(
    lambda person, since: User.objects.filter(pk=person, created_at__gte=since).values_list(
        "user_id", "ial"
    ),
    person=int,
    since=datetime,
)
BY_START = Prepared(
    lambda started: User.objects.filter(last_sign_in_at=started).order_by("pk"),
    started=datetime,
)


@pytest.fixture
def people() -> list[User]:
    return [
        User.objects.create_user(name, f"{name}@mail.example", first_name=name)
        for name in ("first.person", "second.person")
    ]


def _state(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_each_use_has_its_own_values(people: list[User]) -> None:
    for person in people:
        assert BY_NAME.all(name=person.user_id_key) == [person]
        assert BY_NAME.first(name=person.user_id_key) == person
    assert BY_NAME.first(name="nobody.here") is None


def test_rows_are_the_queryset_s_own_with_their_joined_rows(people: list[User]) -> None:
    now = clock.now()
    PortalSession.objects.create(
        user=people[1],
        key_hash="k" * 64,
        created_at=now,
        last_activity_at=now,
        address="192.0.2.1",
        security_version=1,
    )

    row = SESSION.first(person=people[1].pk)
    expected = PortalSession.objects.select_related("user").get()

    assert row is not None
    assert row._state.adding is False
    assert {**_state(row), "_user": _state(row.user)} == {
        **_state(expected),
        "_user": _state(expected.user),
    }


def test_a_value_that_is_none_is_asked_for_as_null(people: list[User]) -> None:
    signed_in = people[0]
    signed_in.last_sign_in_at = clock.now()
    signed_in.save()

    assert BY_START.all(started=None) == [people[1]]
    assert BY_START.all(started=signed_in.last_sign_in_at) == [signed_in]


def test_values_lists_come_as_tuples(people: list[User]) -> None:
    person = people[0]

    assert NAMES.all(person=person.pk, since=person.created_at) == [(person.user_id, 1)]
    assert NAMES.all(person=person.pk, since=person.created_at + timedelta(seconds=1)) == []


def test_it_is_one_statement_that_wrappers_see(people: list[User]) -> None:
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        SESSION.all(person=people[0].pk)

    assert len(seen) == 1


def test_a_value_the_query_does_not_use_is_an_error() -> None:
    careless = Prepared(lambda person: User.objects.all(), person=int)

    with pytest.raises(TypeError, match="person"):
        careless.all(person=1)


def test_hostile_text_stays_a_value(people: list[User]) -> None:
    assert BY_NAME.all(name="' or 1=1 --") == []


@pytest.mark.django_db(transaction=True)
def test_threads_may_share_it(people: list[User]) -> None:
    found: list[bool] = []

    def ask() -> None:
        try:
            found.extend(BY_NAME.first(name=person.user_id_key) == person for person in people * 20)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4 * 40
    assert all(found)


ANY = Prepared(lambda people: User.objects.filter(any_of("pk", people)).order_by("pk"), people=list)
PART = Prepared(
    lambda part: User.objects.filter(user_id_key__contains=part).order_by("pk"), part=str
)


def test_a_list_of_any_length_is_the_same_query(people: list[User]) -> None:
    for wanted in ([], people[:1], people):
        assert ANY.all(people=[one.pk for one in wanted]) == wanted


AHEAD = Prepared(
    lambda part, most: (
        User.objects.filter(RawSQL("accounts_user.id IN (SELECT id FROM few)", (), BooleanField()))
        .annotate(fitting=RawSQL("(SELECT count(*) FROM fits)", ()))
        .order_by("pk")
    ),
    {"part": str, "most": int},
    ahead={
        "fits": lambda part, most: User.objects.filter(user_id_key__contains=part).values_list(
            "id"
        ),
        "few": "SELECT id FROM fits ORDER BY id LIMIT %(most)s",
    },
)


def test_what_goes_ahead_is_worked_out_once_with_the_same_values(
    people: list[User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found: list[Any] = AHEAD.all(part=like("person"), most=1)
    assert found == people[:1]
    assert found[0].fitting == 2
    assert AHEAD.all(part=like("cond.per"), most=5) == people[1:]
    assert AHEAD.all(part=like("%"), most=5) == []


def test_a_value_that_nothing_uses_is_an_error_ahead_too() -> None:
    idle = Prepared(
        lambda name, other: User.objects.all(),
        {"name": str, "other": str},
        ahead={"one": "SELECT %(name)s::text"},
    )
    with pytest.raises(TypeError, match="does not use other"):
        idle.all(name="a", other="b")


def test_what_a_lookup_adds_to_a_text_is_added_to_the_value(people: list[User]) -> None:
    assert PART.all(part=like("person")) == people
    assert PART.all(part=like("cond.per")) == people[1:]
    assert PART.all(part=like("%")) == []
    assert PART.all(part=like("s_cond")) == []


def test_a_number_that_no_column_holds_finds_nothing(people: list[User]) -> None:
    assert SESSION.all(person=2**80) == []
    assert SESSION.all(person=2**40) == []


def test_what_goes_wrong_while_preparing_is_an_error_of_django(people: list[User]) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        Statement("SELECT nothing_of_this_name", []).rows({})
    assert BY_NAME.first(name=people[0].user_id_key) == people[0]


def test_a_statement_is_planned_once_a_connection(people: list[User]) -> None:
    for person in people:
        BY_NAME.all(name=person.user_id_key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%%user_id_key%%= $1%%' AND statement LIKE '%%accounts_user%%'"
            " AND parameter_types = '{text}'"
        )
        count, uses = cursor.fetchone()
    assert count >= 1
    assert uses >= 2


def test_a_connection_keeps_no_more_statements_than_it_should(
    people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST_A_CONNECTION", 0)
    query = Prepared(lambda name: User.objects.filter(user_id_key=name), name=str)
    with connection.execute_wrapper(_refuse_prepared):
        assert query.all(name=people[0].user_id_key) == [people[0]]


def test_behind_a_pooler_the_same_sql_goes_as_text(people: list[User], settings: Any) -> None:
    settings.PREPARE_STATEMENTS = False
    query = Prepared(lambda name: User.objects.filter(user_id_key=name), name=str)
    with connection.execute_wrapper(_refuse_prepared):
        assert query.all(name=people[0].user_id_key) == [people[0]]
        assert ANY.all(people=[people[1].pk]) == [people[1]]
        assert PART.all(part=like("first")) == people[:1]


def _refuse_prepared(execute: Any, sql: str, *rest: Any) -> Any:
    assert "EXECUTE" not in sql
    return execute(sql, *rest)
