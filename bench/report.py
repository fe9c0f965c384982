"""Prints what was measured as a table, keeps it as JSON, and holds it against the targets."""

import json
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("baseline.json")
SLACK = 1.3  # what a shared machine may add to a ratio before it counts as a miss
MEMORY_MB = 160
MAILS_PER_SECOND = 2_000
LOGIN_MS = 8
LOGIN_SQL = 6

Result = dict[str, Any]


def table(result: Result) -> str:
    """Return the figures for people."""
    head = (
        f"{'page':<32}{'SQL':>4}{'of':>3}{'db ms':>7}{'redis':>6}{'kB':>6}"
        f"{'CPU ms':>8}{'limit':>7}{'p50':>8}{'p95':>8}{'limit p50':>10}"
        f"{'ratio':>7}{'(low':>6}{'high)':>7}{'CPU x':>7}{'target':>8}"
    )
    lines = [head, "-" * len(head)]
    for name, one in result["pages"].items():
        portal, limit = one["portal"], one["limit"]
        lines.append(
            f"{name:<32}{portal['sql']:>4}{one['budget']:>3}{portal['database_ms']:>7.2f}"
            f"{portal['redis']:>6.0f}{portal['bytes'] / 1000:>6.1f}"
            f"{portal['cpu_ms']:>8.2f}{limit['cpu_ms']:>7.2f}{portal['p50_ms']:>8.2f}"
            f"{portal['p95_ms']:>8.2f}{limit['p50_ms']:>10.2f}{one['ratio']:>7.2f}"
            f"{one['ratio_low']:>6.2f}{one['ratio_high']:>7.2f}{one['cpu_ratio']:>7.2f}"
            f"{one['target']:>8.2f}{_mark(one)}"
        )
    lines.append("")
    for name, one in result.get("throughput", {}).items():
        lines.append(
            f"{name + ', 8 at once':<40}{one['portal']:>8.0f}/s  limit {one['limit']:.0f}/s"
            f"  share {one['share']:.2f}  target {one['target']:.2f}"
        )
    lines += _rest(result)
    return "\n".join(lines)


def _mark(one: Result) -> str:
    return "" if one["ratio"] <= one["target"] or one["cpu_ratio"] <= one["target"] else "  over"


def _rest(result: Result) -> list[str]:
    lines = []
    if "memory_mb" in result:
        memory = result["memory_mb"]
        lines.append(
            f"{'web memory, 2 workers (PSS)':<40}{memory['portal']:>8.0f} MB"
            f"  limit {memory['limit']:.0f} MB  target {MEMORY_MB} MB"
        )
    if "login" in result:
        login = result["login"]
        lines.append(
            f"{'password step less the bare hash':<40}{login['over_hash_ms']:>8.1f} ms"
            f"  (page {login['p50_ms']:.1f}, hash {login['hash_ms']:.1f}, SQL {login['sql']})"
            f"  target {LOGIN_MS} ms, {LOGIN_SQL} SQL"
        )
    if "mail" in result:
        mail = result["mail"]
        lines.append(
            f"{'mail drained to a null sink':<40}{mail['per_second']:>8.0f}/s"
            f"  with two workers {mail['per_second_two_workers']:.0f}/s"
            f"  target {MAILS_PER_SECOND}/s"
        )
    if "seal" in result:
        seal = result["seal"]
        lines.append(f"{'audit rows sealed':<40}{seal['per_second']:>8.0f}/s  of {seal['rows']}")
    noise = result["noise"]
    lines += [
        f"{'seed':<40}{result['seed_seconds']:>8.1f} s",
        f"noise probe {noise['first']['median_ms']:.1f} ms, at the end "
        f"{noise['last']['median_ms']:.1f} ms; wall over processor "
        f"{noise['first']['wall_over_cpu']:.2f}, {noise['last']['wall_over_cpu']:.2f}"
        + ("  NOISY: trust the CPU ratios and the statement counts only" if noise["noisy"] else ""),
    ]
    return lines


def misses(result: Result) -> list[str]:
    """Return what breaks a promise: statements above budget exactly, ratios with slack.

    The time of a whole answer is held only where the machine was quiet; the processor's share,
    which neighbours disturb less, always.
    """
    found = [f"{name}: {text}" for name, text in result.get("failed", {}).items()]
    for name, one in result["pages"].items():
        if one["portal"]["sql"] > one["budget"]:
            found.append(f"{name}: {one['portal']['sql']} SQL statements, budget {one['budget']}")
        if one["cpu_ratio"] > one["target"] * SLACK:
            found.append(f"{name}: CPU {one['cpu_ratio']:.2f} of the limit, target {one['target']}")
        if one["ratio"] > one["target"] * SLACK and not result["noise"]["noisy"]:
            found.append(f"{name}: {one['ratio']:.2f} of the limit, target {one['target']}")
    memory = result.get("memory_mb", {}).get("portal", 0)
    if memory > MEMORY_MB:
        found.append(f"web memory: {memory:.0f} MB, limit {MEMORY_MB} MB")
    if result.get("login", {}).get("sql", 0) > LOGIN_SQL:
        found.append(f"password step: {result['login']['sql']} SQL statements, budget {LOGIN_SQL}")
    return found


def against_baseline(result: Result, baseline: Result) -> list[str]:
    """Return how the pages moved since the committed baseline."""
    lines = []
    for name, one in result["pages"].items():
        before = baseline.get("pages", {}).get(name)
        if before is not None:
            lines.append(
                f"{name:<32}CPU ratio {before['cpu_ratio']:.2f} -> {one['cpu_ratio']:.2f}, "
                f"SQL {before['portal']['sql']} -> {one['portal']['sql']}"
            )
    return lines


def load(path: Path) -> Result:
    """Read a result; an empty one when there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


def save(result: Result, path: Path) -> None:
    """Write a result, rounded, with a stable order."""
    path.write_text(json.dumps(_rounded(result), indent=1) + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value
