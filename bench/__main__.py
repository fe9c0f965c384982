"""``make bench``: measures the portal beside its limit on private servers and prints a table."""

import argparse
import json
import platform
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import django
import psycopg2

from bench import ab, load, login, machine, outbox, report, sealing, servers
from bench.client import BenchError, Request, ask
from bench.seed import fill
from bench.servers import LIMIT_DATABASE, PORTAL_DATABASE, Application, Stage
from bench.workloads import DRAFTS, PENDING, Cookies, Supply, Workload, workloads
from portal.memory import SECONDS_BETWEEN


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    pairs: int
    hits: int
    load_rounds: int
    load_seconds: float
    mails: int
    logins: int


FULL = Effort(pairs=11, hits=40, load_rounds=13, load_seconds=2, mails=20_000, logins=30)
QUICK = Effort(pairs=7, hits=15, load_rounds=9, load_seconds=1, mails=5_000, logins=12)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure for two minutes only")
    parser.add_argument("--check", action="store_true", help="fail when a budget is broken")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--write-baseline", action="store_true", help=f"write {report.BASELINE}")
    parser.add_argument("--only", action="append", help="measure only pages whose name has this")
    parser.add_argument("--hold", action="store_true", help="keep the servers up to look around")
    return parser.parse_args()


def say(text: str) -> None:
    """Tell what goes on, on the error stream."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def prepare(stage: Stage) -> float:
    """Make tables and fill both databases; returns the seconds the seed took."""
    say("making tables")
    servers.run_python(stage.portal_environment(), "-m", "django", "migrate", "-v0")
    servers.run_python(
        stage.portal_environment(), "-m", "django", "collectstatic", "--noinput", "-v0"
    )
    for more in ([], ["--run-syncdb"]):  # the limit's own tables point at migrated ones
        servers.run_python(stage.limit_environment(), "-m", "django", "migrate", "-v0", *more)
    say("filling them")
    began = time.monotonic()
    fill.fill(stage.database(PORTAL_DATABASE), fill.Sizes())
    fill.fill_limit(stage.database(LIMIT_DATABASE))
    return time.monotonic() - began


def cookies(environment: dict[str, str], people: Iterable[int]) -> Cookies:
    """Sign people in by hand and return their cookies."""
    numbers = [str(number) for number in people]
    printed = servers.run_python(environment, "-m", "bench.seed.sessions", *numbers)
    return {int(pk): found for pk, found in json.loads(printed).items()}


def rows(address: str, sql: str) -> list[Any]:
    """Ask the portal's database what there is to submit or to approve."""
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())
    finally:
        connection.close()


def pages(
    stage: Stage, both: tuple[Application, Application], effort: Effort, only: list[str] | None
) -> Iterator[tuple[Workload, ab.Comparison | BenchError]]:
    """Measure page after page; one that fails does not keep the others from being measured."""
    address = stage.database(PORTAL_DATABASE)
    supply = Supply(drafts=rows(address, DRAFTS), pending=rows(address, PENDING))
    people = {fill.HOLDER, fill.APPROVER, *fill.DECIDERS, *fill.Sizes().requesters}
    found = workloads(
        cookies(stage.portal_environment(), people),
        cookies(stage.limit_environment(), [fill.APPROVER]),
        supply,
    )
    chosen = [one for one in found if not only or any(part in one.name for part in only)]
    full = False
    for one in chosen:
        if one.all_systems and not full:
            say("adding systems for the search")
            fill.add_systems(address, fill.Sizes())
            full = True
        say(one.name)
        for visitor in one.visitors:
            # The idle clock is written once a minute; not in the middle of measuring.
            ask(Request("/welcome/", visitor), both[0].port)
        try:
            comparison = ab.compare(
                ab.Contestant(both[0], one.portal),
                ab.Contestant(both[1], one.limit),
                pairs=effort.pairs,
                hits=effort.hits,
                redis_commands=stage.redis_commands,
            )
        except BenchError as error:
            yield one, error
        else:
            yield one, comparison


def throughput(
    one: Workload, both: tuple[Application, Application], effort: Effort
) -> dict[str, float]:
    """Measure answers a second in turn, and the portal's share of the limit's."""
    found: list[tuple[float, float]] = []
    for _ in range(effort.load_rounds):
        portal, limit = (
            load.per_second(next(requests), application.port, seconds=effort.load_seconds)
            for requests, application in zip((one.portal, one.limit), both, strict=True)
        )
        found.append((portal, limit))
    return {
        "portal": statistics.median(portal for portal, _ in found),
        "limit": statistics.median(limit for _, limit in found),
        "share": statistics.median(portal / limit for portal, limit in found),
        "target": one.throughput or 0,
    }


def measure(stage: Stage, effort: Effort, only: list[str] | None, *, hold: bool) -> report.Result:
    """Run everything and return the figures."""
    first = machine.noise_probe()
    seconds = prepare(stage)
    result: report.Result = {
        "python": platform.python_version(),
        "django": django.get_version(),
        "seed_seconds": seconds,
        "pages": {},
        "throughput": {},
        "failed": {},
    }
    with ExitStack() as stack:
        both = (
            stack.enter_context(
                Application(
                    "the portal",
                    "portal.wsgi:application",
                    stage.portal_environment(),
                    stage.folder / "portal.log",
                )
            ),
            stack.enter_context(
                Application(
                    "the limit",
                    "bench.limit.wsgi:application",
                    stage.limit_environment(),
                    stage.folder / "limit.log",
                )
            ),
        )
        if hold:
            wait_here(stage, both)
        for one, comparison in pages(stage, both, effort, only):
            if isinstance(comparison, BenchError):
                result["failed"][one.name] = str(comparison)
                continue
            result["pages"][one.name] = {
                **comparison.as_dict(),
                "budget": one.budget,
                "target": one.target,
                "limit_page": one.limit_name,
            }
            if one.throughput:
                result["throughput"][one.name] = throughput(one, both, effort)
        if not only:
            say("signing in")
            attempt(result, "login", lambda: login.measure(both[0], effort.logins))
        # Memory that is kept for ever counts, not what a worker gives back after a few seconds.
        time.sleep(SECONDS_BETWEEN + 2)
        names = ("portal", "limit")
        result["memory_mb"] = {
            name: application.pss_mb() for name, application in zip(names, both, strict=True)
        }
    if not only:
        attempt(result, "mail", lambda: outbox.measure(stage, effort.mails, say))
        say("sealing the audit log")
        attempt(result, "seal", lambda: sealing.measure(stage))
    last = machine.noise_probe()
    result["noise"] = {"first": first, "last": last, "noisy": machine.is_noisy(first, last)}
    return result


def attempt(result: report.Result, name: str, measure: Callable[[], dict[str, float]]) -> None:
    """Measure one thing more; that it fails is a figure, too."""
    try:
        result[name] = measure()
    except BenchError as error:
        result["failed"][name] = str(error)


def wait_here(stage: Stage, both: tuple[Application, Application]) -> None:
    """Print where everything is and wait for Enter or a signal."""
    who = cookies(stage.portal_environment(), [fill.HOLDER, *fill.DECIDERS, fill.APPROVER])
    for application in both:
        say(f"{application.name}: http://127.0.0.1:{application.port} {application.pids}")
    say(f"DATABASE_URL={stage.database(PORTAL_DATABASE)} REDIS_URL={stage.redis}")
    say(f"PORTAL_DATA={stage.folder} cookies {who}")
    signal.pause()


def end(number: int, frame: FrameType | None) -> None:
    """Leave through the `with` blocks when told to terminate."""
    raise SystemExit(128 + number)


def main() -> int:
    """Measure, print, keep and judge."""
    options = arguments()
    signal.signal(signal.SIGTERM, end)
    began = time.monotonic()
    with servers.stage() as stage:
        effort = QUICK if options.quick else FULL
        result = measure(stage, effort, options.only, hold=options.hold)
    result["seconds"] = time.monotonic() - began
    print(report.table(result))
    print("\n".join(["", *report.against_baseline(result, report.load(report.BASELINE))]))
    for path in (options.json, report.BASELINE if options.write_baseline else None):
        if path is not None:
            report.save(result, path)
    found = report.misses(result)
    print("\n".join(["", *(f"MISSED {one}" for one in found)]) if found else "\nall promises kept")
    return 1 if options.check and found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
