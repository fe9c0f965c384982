"""What the web server compiles before its processes part: every query of every room."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from portal import memory
from prepared import _ALL as EVERY_QUERY
from prepared import Prepared, compile_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_query_is_compiled_and_none_is_asked() -> None:
    memory.load_everything()
    for query in list(EVERY_QUERY):
        query._compiled.clear()
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        compile_all()
    assert asked == []
    assert all(query._compiled for query in list(EVERY_QUERY))
    assert len(EVERY_QUERY) > 10


def test_no_connection_is_left_for_the_processes_to_share() -> None:
    compile_all()
    assert connection.connection is None


def test_the_server_starts_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Prepared[object]) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(Prepared, "compile", away)
    memory.load_everything()
