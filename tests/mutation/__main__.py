"""Breaks the rules of access in small ways and counts how many the tests notice; `make mutate`.

The work is done in a copy below build/, so nothing here is ever changed. Exits with 1 when fewer
than `GOAL` of the mutants that change anything are noticed.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.mutation.equivalents import EQUIVALENT

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "build/mutation"
COPIED = (
    "access_requests", "accounts", "audit", "bench", "catalog", "clock", "docs", "notifications",
    "organizations", "portal", "prepared", "static", "support", "templates", "tests",
    "manage.py", "pyproject.toml",
)  # fmt: skip
GOAL = 0.85
NOTICED = {"killed", "timeout"}
Finding = tuple[str, str, tuple[str, str, str]]  # name, status, change
ENVIRONMENT = {**os.environ, "COLUMNS": "100"}


def make_copy() -> None:
    """Copy what the tests need."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in COPIED:
        source, target = ROOT / name, COPY / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)


def mutmut(*arguments: str, servers: bool = False) -> str:
    """Run mutmut in the copy and return what it printed."""
    around = [sys.executable, "-m", "portal.embedded"] if servers else []
    done = subprocess.run(
        [*around, sys.executable, "-m", "mutmut", *arguments],
        cwd=COPY,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def results() -> dict[str, str]:
    """Return what became of each mutant, by its name."""
    lines = mutmut("results", "--all", "true").splitlines()
    pairs = (line.strip().rpartition(": ") for line in lines if "__mutmut_" in line)
    return {name: status for name, _colon, status in pairs}


def change_of(name: str) -> tuple[str, str, str]:
    """Return where a mutant is, the line it takes away, and what it puts there."""
    where = name.partition("__mutmut_")[0].replace(".x_", ".").replace("xǁ", "").replace("ǁ", ".")
    lines = [line for line in mutmut("show", name).splitlines() if line[:1] in {"-", "+"}]
    changed = [line for line in lines if line[:3] not in {"---", "+++"}]
    gone = " ".join(line[1:].strip() for line in changed if line.startswith("-"))
    come = " ".join(line[1:].strip() for line in changed if line.startswith("+"))
    return where, gone, come


def main() -> int:
    """Run, print a table of the modules and every mutant that was missed."""
    make_copy()
    mutmut("run", "--max-children", "2", servers=True)
    found = results()
    equivalent: list[Finding] = []
    missed: list[Finding] = []
    for name, status in found.items():
        if status not in NOTICED:
            change = change_of(name)
            (equivalent if change in EQUIVALENT else missed).append((name, status, change))
    for name, status, (where, gone, come) in missed:
        print(f"{status}: {where} ({name})\n  - {gone}\n  + {come}")
    silent = {name for name, _status, _change in equivalent}
    total = Counter(name.partition(".x")[0] for name in found if name not in silent)
    lost = Counter(name.partition(".x")[0] for name, _status, _change in missed)
    for module, count in sorted(total.items()):
        print(f"{module:32} {count - lost[module]:4} of {count:4} noticed")
    score = 1 - sum(lost.values()) / max(1, sum(total.values()))
    print(f"{score:.1%} of {sum(total.values())} mutants noticed, {len(silent)} change nothing")
    return 0 if total and score >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
