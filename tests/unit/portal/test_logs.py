"""The log tells what happened and no secret."""

import io
import json
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from portal import logs

TOKEN = "MTIz:1wXyZ0:abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log writes in production."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(logs.set_up(level="INFO", as_json=True))
    stream = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    logs.set_up(level="WARNING", as_json=False)
    root.handlers[:] = before
    root.setLevel(level)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line_without_token_and_query(written: io.StringIO) -> None:
    log = structlog.get_logger("django_structlog")
    address = f"GET /register/activate/{TOKEN}/?next=/catalog/&q=my+illness"

    log.info("request_started", request=address)
    log.info("request_finished", request=address, code=200)

    (line,) = lines(written)
    assert line["request"] == "GET /register/activate/.../?..."
    assert line["code"] == 200
    assert line["level"] == "info"
    assert str(line["timestamp"]).endswith("Z")


def test_lines_of_others_are_cleaned_too(written: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", f"/register/activate/{TOKEN}/")

    (line,) = lines(written)
    assert TOKEN not in str(line)
    assert line["event"] == "Not Found: /register/activate/.../"


def test_an_exception_is_one_line_with_its_trace(written: io.StringIO) -> None:
    try:
        raise LookupError("no such thing")
    except LookupError:
        logging.getLogger("django.request").exception("Internal Server Error")

    (line,) = lines(written)
    assert "LookupError: no such thing" in str(line["exception"])


def test_short_addresses_stay_readable(written: io.StringIO) -> None:
    structlog.get_logger("x").info("request_finished", request="POST /approvals/123456789/approve/")

    (line,) = lines(written)
    assert line["request"] == "POST /approvals/123456789/approve/"
