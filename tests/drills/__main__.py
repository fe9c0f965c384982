"""Runs drills and proofs one after the other and ends with one table; see `--help`.

Exits with 1 when a test failed, an invariant was broken, or a run ended without a result.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.drills import plan, report

ROOT = Path(__file__).resolve().parents[2]
PYTEST = ("-m", "pytest", "-q", "--no-header", "-p", "tests.drills.recording")
RAN_TO_THE_END = (0, 1)  # all passed, some failed


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="at most so many of each drill")
    parser.add_argument("--only", default="", help="tests whose name holds this (pytest -k)")
    parser.add_argument("--proofs", action="store_true", help="only what repeats in full")
    parser.add_argument("--drills", action="store_true", help="only what kills and freezes")
    parser.add_argument("--json", type=Path, default=ROOT / "build/drills.json")
    return parser.parse_args(given)


def run(step: plan.Step, record: Path, only: str) -> bool:
    """Run one round; tell whether pytest got to its end. Its output is shown as it comes."""
    servers = (*plan.SERVERS, sys.executable) if step.servers else ()
    command = [sys.executable, *servers, *PYTEST, *step.tests, *(("-k", only) if only else ())]
    environment = {**os.environ, **step.environment, "RECORD": str(record)}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    nothing_fits = 5
    return code in RAN_TO_THE_END or (bool(only) and code == nothing_fits)


def read(record: Path) -> list[dict[str, Any]]:
    """Return what the runs wrote down so far."""
    return [json.loads(line) for line in record.read_text().splitlines()]


def main(given: Sequence[str] | None = None) -> int:
    """Run what was asked for, print the table, keep it as JSON; return the exit code."""
    options = arguments(given)
    everything = options.proofs == options.drills
    rounds = plan.chosen(
        proofs=options.proofs or everything,
        drills=options.drills or everything,
        rounds=options.rounds,
    )
    unfinished, begin = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-drills-") as folder:
        record = Path(folder, "record.jsonl")
        record.touch()
        for number, step in rounds:
            print(f"== {step.name}, round {number}", flush=True)
            if not run(step, record, options.only):
                unfinished.append(f"{step.name}, round {number}")
        records = read(record)
    lines = report.gather(records)
    minutes = round((time.monotonic() - begin) / 60, 1)
    found = {
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "minutes": minutes,
        "unfinished": unfinished,
        "records": records,
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=1) + "\n")
    print(f"\n{report.table(lines)}\n\n{minutes} minutes; {options.json}")
    for name in unfinished:
        print(f"UNFINISHED: {name}")
    if wrong := report.broken(lines):
        print(f"\n{wrong}")
    return 0 if lines and not wrong and not unfinished else 1


if __name__ == "__main__":
    sys.exit(main())
