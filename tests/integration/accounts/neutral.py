"""Measures whether answers to different people look alike and take equally long, hash by hash."""

import random
import re
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.hashers import check_password

from tests import counts

ALLOWED_SECONDS = 0.020
_RANDOM_HEADERS = frozenset({"X-Request-ID", "Content-Length", "Expires"})


class Visible(NamedTuple):
    """Everything of an answer that somebody could compare with another one."""

    status: int
    body: str
    headers: dict[str, str]
    cookies: list[str]


def visible(response: Any, *typed: str) -> Visible:
    """The answer without what differs at random, and without what the asker typed.

    That is the CSRF token, the nonce, the number of the request and what follows from the length.
    """
    body = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    body = re.sub(r'nonce="[^"]+"', "", body)
    for text in typed:
        body = body.replace(text, "TYPED")
    headers = {
        name: re.sub(r"nonce-[^']+", "", value)
        for name, value in response.items()
        if name not in _RANDOM_HEADERS
    }
    return Visible(response.status_code, body, headers, sorted(response.cookies))


@dataclass
class Timings:
    """How long each kind of person was kept waiting, and a bare hash beside each pair."""

    kinds: dict[str, list[float]]
    hashes: list[float] = field(default_factory=list)

    @property
    def medians(self) -> dict[str, float]:
        """The usual wait of each kind."""
        return {kind: statistics.median(measured) for kind, measured in self.kinds.items()}

    @property
    def spread(self) -> float:
        """How much longer the slowest kind waits than the fastest."""
        return max(self.medians.values()) - min(self.medians.values())

    @property
    def allowed(self) -> float:
        """20 ms; in the usual run on a busy machine, where all times grow, half a hash."""
        if counts.FULL:
            return ALLOWED_SECONDS
        return max(ALLOWED_SECONDS, statistics.median(self.hashes) / 2)

    @property
    def told(self) -> str:
        """The figures in milliseconds, for the message of a test."""
        usual = {kind: round(median * 1000, 1) for kind, median in self.medians.items()}
        return f"{len(self.hashes)} pairs, {usual}, allowed {self.allowed * 1000:.1f} ms apart"


def measure(people: Mapping[str, str], seconds: Callable[[str], float], *, encoded: str) -> Timings:
    """Ask for each kind in turn, in an order that chance draws; ``encoded`` is a hash to compare.

    A busy machine needs more pairs; a hash more or less would show in however many.
    """
    found = Timings({kind: [] for kind in people})
    for pairs in range(1, counts.MOST_TIMING_PAIRS + 1):
        found.hashes.append(_bare_hash(encoded))
        for kind in random.sample(list(people), len(people)):
            found.kinds[kind].append(seconds(people[kind]))
        if pairs >= counts.TIMING_PAIRS and found.spread < found.allowed:
            break
    print(found.told)
    return found


def _bare_hash(encoded: str) -> float:
    started = time.perf_counter()
    check_password("Wrong-Quay-Lantern-9", encoded)
    return time.perf_counter() - started
