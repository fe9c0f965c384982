"""The table of what the drills found: a line for each test over all its rounds, and its figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Real
from typing import Any


@dataclass
class Line:
    """One test over all rounds."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    figures: dict[str, list[Any]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Tell whether every round passed."""
        return set(self.outcomes) <= {"passed"}


def gather(records: Iterable[dict[str, Any]]) -> list[Line]:
    """Put the records of all rounds together, in the order the tests first ran."""
    lines: dict[str, Line] = {}
    for record in records:
        line = lines.setdefault(record["test"], Line(_plain(record["test"])))
        line.outcomes[record["outcome"]] += 1
        line.seconds.append(record["seconds"])
        for name, value in record["figures"].items():
            line.figures.setdefault(name, []).append(value)
        if record["reason"]:
            line.reasons.append(record["reason"])
    return list(lines.values())


def _plain(nodeid: str) -> str:
    return nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def _span(values: list[Any]) -> str:
    """One value, or the least and the most of several."""
    if all(isinstance(value, Real) for value in values):
        least, most = min(values), max(values)
        return f"{least}" if least == most else f"{least} to {most}"
    return "; ".join(dict.fromkeys(str(value) for value in values))


def table(lines: list[Line]) -> str:
    """Return the table as text."""
    width = max([len(line.name) for line in lines], default=0)
    rows = [f"{'drill':<{width}}  held    seconds"]
    for line in lines:
        held = f"{line.outcomes['passed']}/{line.outcomes.total()}"
        mark = "" if line.held else "  BROKEN"
        rows.append(f"{line.name:<{width}}  {held:<6}  {_span(line.seconds)}{mark}")
        rows += [f"    {name}: {_span(values)}" for name, values in line.figures.items()]
    return "\n".join(rows)


def broken(lines: list[Line]) -> str:
    """Return what went wrong, with the end of each traceback; empty when nothing did."""
    return "\n\n".join(
        f"--- {line.name}\n{reason}" for line in lines if not line.held for reason in line.reasons
    )
