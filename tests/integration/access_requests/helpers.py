"""Small things that several test files of this room need."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.verdicts import Refusal


def refusal_of(call: Callable[[], object]) -> str | None:
    """Return the reason for which the call is refused."""
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.reason


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL of the block, without the bookkeeping of transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield found
    words = ("SAVEPOINT", "RELEASE", "ROLLBACK")
    found.extend(q["sql"] for q in seen if not q["sql"].startswith(words))
