"""The bench counts, compares and judges as its table says."""

from typing import Any

import pytest

from bench import machine, report, servers
from bench.client import BenchError, Request


def _page(**changes: Any) -> dict[str, Any]:
    return {
        "budget": 4,
        "target": 1.3,
        "ratio": 1.2,
        "cpu_ratio": 1.2,
        "portal": {"sql": 4},
        **changes,
    }


def _result(page: dict[str, Any], *, noisy: bool = False, **more: Any) -> dict[str, Any]:
    return {"pages": {"catalog": page}, "noise": {"noisy": noisy}, **more}


def test_a_page_within_its_budgets_breaks_nothing() -> None:
    assert report.misses(_result(_page())) == []


def test_one_statement_above_the_budget_is_a_miss() -> None:
    assert report.misses(_result(_page(portal={"sql": 5}))) == [
        "catalog: 5 SQL statements, budget 4"
    ]


def test_a_slow_answer_is_a_miss_on_a_quiet_machine_only() -> None:
    slow = _page(ratio=1.3 * report.SLACK + 0.01)

    assert len(report.misses(_result(slow))) == 1
    assert report.misses(_result(slow, noisy=True)) == []


def test_too_much_processor_time_is_a_miss_on_any_machine() -> None:
    costly = _page(cpu_ratio=1.3 * report.SLACK + 0.01)

    assert len(report.misses(_result(costly, noisy=True))) == 1


def test_too_much_memory_is_a_miss() -> None:
    assert report.misses(_result(_page(), memory_mb={"portal": report.MEMORY_MB + 1})) != []


@pytest.mark.parametrize(
    ("first", "last", "noisy"),
    [
        ({"median_ms": 8.0, "wall_over_cpu": 1.0}, {"median_ms": 8.5, "wall_over_cpu": 1.0}, False),
        ({"median_ms": 8.0, "wall_over_cpu": 1.0}, {"median_ms": 11.0, "wall_over_cpu": 1.0}, True),
        ({"median_ms": 11.0, "wall_over_cpu": 1.0}, {"median_ms": 8.0, "wall_over_cpu": 1.0}, True),
        ({"median_ms": 8.0, "wall_over_cpu": 1.0}, {"median_ms": 8.0, "wall_over_cpu": 2.0}, True),
    ],
)
def test_a_probe_that_moves_or_waits_marks_the_run(
    first: dict[str, float], last: dict[str, float], noisy: bool
) -> None:
    assert machine.is_noisy(first, last) is noisy


def test_an_address_elsewhere_is_refused() -> None:
    servers.refuse_strangers("postgres://u:p@127.0.0.1:1/x", "redis://localhost:1/0")
    with pytest.raises(BenchError):
        servers.refuse_strangers("postgres://u:p@db.example:5432/x")


def test_a_form_is_sent_with_the_token_of_its_cookie() -> None:
    wire = Request("/x/", {"session": "s"}, form={"a": "1 & 2"}).wire(80).decode()

    head, body = wire.split("\r\n\r\n")
    assert head.startswith("POST /x/ HTTP/1.1")
    assert "session=s; csrf=" in head
    assert f"Content-Length: {len(body)}" in head
    assert body.endswith("&a=1+%26+2")
    assert dict(pair.split("=") for pair in body.split("&"))["csrfmiddlewaretoken"] in head
