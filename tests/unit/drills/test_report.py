"""The table of the drills puts rounds together and hides no failure."""

from typing import Any

from tests.drills import plan, report


def record(outcome: str = "passed", **figures: Any) -> dict[str, Any]:
    """What the plugin writes down for one test."""
    return {
        "test": "tests/drills/test_killed_parts.py::test_valkey_frozen",
        "outcome": outcome,
        "seconds": 60.0 + len(figures),
        "figures": figures,
        "reason": "" if outcome == "passed" else "AssertionError: mails came twice",
    }


def test_rounds_of_a_drill_are_one_line_with_the_least_and_the_most() -> None:
    lines = report.gather([record(p95=1.2, rules="none"), record(p95=0.8, rules="none")])

    assert report.table(lines).splitlines()[1:] == [
        "valkey frozen  2/2     62.0",
        "    p95: 0.8 to 1.2",
        "    rules: none",
    ]
    assert report.broken(lines) == ""


def test_one_bad_round_is_shown_as_broken_with_its_reason() -> None:
    lines = report.gather([record(), record("failed"), record("error")])

    assert "1/3" in report.table(lines)
    assert "BROKEN" in report.table(lines)
    assert report.broken(lines).count("mails came twice") == 2


def test_no_drill_at_all_is_an_empty_table() -> None:
    assert len(report.table(report.gather([])).splitlines()) == 1


def test_rounds_are_limited_and_numbered() -> None:
    steps = plan.chosen(proofs=False, drills=True, rounds=2)

    assert [number for number, step in steps if step is plan.DRILLS[0]] == [1, 2]
    assert [number for number, step in steps if step is plan.DRILLS[1]] == [1]


def test_proofs_come_first_and_once() -> None:
    steps = plan.chosen(proofs=True, drills=True, rounds=5)

    assert [step for _, step in steps[: len(plan.PROOFS)]] == list(plan.PROOFS)
