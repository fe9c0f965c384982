"""Measures a page of the portal against a page of the limit, request by request in turn.

The machine may be shared, so absolute times wander. Both applications answer in turn within each
pair, and what counts is the ratio of a pair; the median over the pairs is the result.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from bench.client import BenchError, Request, ask
from bench.counting import DATABASE_MS, SQL
from bench.servers import Application

MIN_PAIRS = 7


@dataclass(frozen=True)
class Side:
    """What one application needed for its page."""

    p50_ms: float
    p95_ms: float
    cpu_ms: float
    sql: int
    database_ms: float
    redis: float
    bytes: int


@dataclass(frozen=True)
class Comparison:
    """A page of the portal beside its limit, and the ratios of the pairs."""

    portal: Side
    limit: Side
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_ratio: float
    pairs: int
    hits: int

    def as_dict(self) -> dict[str, object]:
        """Return plain numbers for JSON."""
        return asdict(self)


class Contestant:
    """One application and its supply of requests to send."""

    def __init__(self, application: Application, requests: Iterator[Request]) -> None:
        self.application = application
        self.requests = requests
        self.times: list[float] = []
        self.cpu: list[float] = []
        self.size = 0

    def next(self) -> Request:
        """Return the next request; raises BenchError when the supply is used up."""
        for request in self.requests:
            return request
        raise BenchError(f"no more requests are prepared for {self.application.name}")

    def hit(self) -> float:
        """Send one request and return its milliseconds."""
        answer = ask(self.next(), self.application.port)
        self.size = len(answer.body)
        return answer.ms

    def counted(
        self, redis_commands: Callable[[], int], times: int = 3
    ) -> tuple[int, float, float]:
        """Return the medians of statements, their milliseconds and Redis commands of a request."""
        statements, spent, commands = [], [], []
        for request in islice(self.requests, times):
            before = redis_commands()
            answer = ask(request, self.application.port, count=True)
            commands.append(redis_commands() - before - 1)  # one is our own question
            statements.append(int(answer.headers[SQL.lower()]))
            spent.append(float(answer.headers[DATABASE_MS.lower()]))
        if not statements:
            raise BenchError(f"no more requests are prepared for {self.application.name}")
        return (
            statistics.median_high(statements),
            statistics.median(spent),
            statistics.median(commands),
        )


def compare(
    portal: Contestant,
    limit: Contestant,
    *,
    pairs: int,
    hits: int,
    redis_commands: Callable[[], int],
) -> Comparison:
    """Warm both up, count their statements, then measure `pairs` pairs of `hits` requests each.

    Raises ValueError for fewer pairs than a median can be trusted with.
    """
    if pairs < MIN_PAIRS:
        raise ValueError(f"at least {MIN_PAIRS} pairs are needed")
    both = (portal, limit)
    for _ in range(4):
        for one in both:
            one.hit()
    counts = [one.counted(redis_commands) for one in both]
    wall_ratios, cpu_ratios = [], []
    for number in range(pairs):
        order = both if number % 2 == 0 else both[::-1]
        times: dict[int, list[float]] = {id(one): [] for one in both}
        used = {id(one): -one.application.cpu_ms() for one in both}
        for _ in range(hits):
            for one in order:
                times[id(one)].append(one.hit())
        for one in both:
            used[id(one)] += one.application.cpu_ms()
            one.cpu.append(used[id(one)] / hits)
            one.times += times[id(one)]
        medians = [statistics.median(times[id(one)]) for one in both]
        wall_ratios.append(medians[0] / medians[1])
        cpu_ratios.append(used[id(portal)] / used[id(limit)])
    sides = [_side(one, count) for one, count in zip(both, counts, strict=True)]
    return Comparison(
        portal=sides[0],
        limit=sides[1],
        ratio=statistics.median(wall_ratios),
        ratio_low=min(wall_ratios),
        ratio_high=max(wall_ratios),
        cpu_ratio=statistics.median(cpu_ratios),
        pairs=pairs,
        hits=hits,
    )


def _side(one: Contestant, count: tuple[int, float, float]) -> Side:
    statements, database_ms, redis = count
    return Side(
        p50_ms=statistics.median(one.times),
        p95_ms=statistics.quantiles(one.times, n=20)[-1],
        cpu_ms=statistics.median(one.cpu),
        sql=statements,
        database_ms=database_ms,
        redis=redis,
        bytes=one.size,
    )


__all__ = ["Comparison", "Contestant", "Side", "compare"]
