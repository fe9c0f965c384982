"""A page asks the server for nothing but what it needs, and still notices a lost connection."""

import select
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)


def _elsewhere(sql: str, *values: Any) -> Any:
    """Run a statement on another connection and return its row."""
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        with other, other.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()
    finally:
        other.close()


def _end(backend: int) -> None:
    """Let the server close a connection, as it does when it goes down."""
    assert _elsewhere("SELECT pg_terminate_backend(%s, 5000)", backend) == (True,)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (found,) = cursor.fetchone()
    return int(found)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """How often Django's own check ran."""
    calls: list[None] = []
    original = DatabaseWrapper.is_usable

    def is_usable(self: Any) -> bool:
        calls.append(None)
        return original(self)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    return calls


def test_a_living_connection_is_found_without_a_statement(asked: list[None]) -> None:
    _backend()
    assert connection.is_usable()
    assert asked == []


def test_a_closed_connection_is_noticed_and_replaced(asked: list[None]) -> None:
    before = _backend()
    _end(before)
    assert not connection.is_usable()
    assert asked == [None]
    vars(connections["default"]).update(health_check_enabled=True, health_check_done=False)
    assert _backend() != before


def test_a_word_of_the_server_is_looked_into(asked: list[None]) -> None:
    _backend()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN a_channel")
    _elsewhere("SELECT pg_notify('a_channel', '')")
    # The server tells listeners after it has answered the one who notified.
    assert select.select([connection.connection], [], [], 10)[0]
    assert connection.is_usable()
    assert asked == [None]


def test_no_connection_is_not_usable() -> None:
    connection.close()
    assert not connection.is_usable()
