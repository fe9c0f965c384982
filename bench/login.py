"""What signing in costs beside its password hash: the step that takes the password, timed."""

import statistics
import time
from dataclasses import replace
from itertools import islice

from bench.client import Answer, Request, ask
from bench.counting import SQL
from bench.seed import fill
from bench.servers import Application


def measure(portal: Application, logins: int) -> dict[str, float]:
    """Sign people in, one after another, and hash in between; return medians and their distance.

    Each person signs in once, so that no other session of theirs is in the way.
    """
    people = iter(fill.Sizes().signing_in)
    counted = [
        int(sign_in(portal, one, count=True).headers[SQL.lower()]) for one in islice(people, 3)
    ]
    pages, hashes = [], []
    for one in islice(people, logins):
        pages.append(sign_in(portal, one).ms)
        hashes.append(hash_ms())
    return {
        "sql": statistics.median_high(counted),
        "p50_ms": statistics.median(pages),
        "hash_ms": statistics.median(hashes),
        "over_hash_ms": statistics.median(pages) - statistics.median(hashes),
        "logins": len(pages),
    }


def sign_in(portal: Application, person: int, *, count: bool = False) -> Answer:
    """Walk through terms, User ID and password; return the answer to the password."""
    moved = Request("/terms/", form={"decision": "accept"}, expect=(302,))
    cookies = _cookies(ask(moved, portal.port))
    named = Request("/login/", cookies, {"user_id": f"person.{person}"}, expect=(302,))
    cookies |= _cookies(ask(named, portal.port))
    proven = replace(named, path="/login/password/", form={"password": fill.PASSWORD})
    return ask(replace(proven, cookies=cookies), portal.port, count=count)


def hash_ms() -> float:
    """Time the bare hash of a password."""
    hasher, encoded = fill.hasher(), fill.encoded_password()
    began = time.perf_counter()
    assert hasher.verify(fill.PASSWORD, encoded)
    return (time.perf_counter() - began) * 1000


def _cookies(answer: Answer) -> dict[str, str]:
    lines = answer.headers.get("set-cookie", "").splitlines()
    pairs = [line.partition(";")[0].partition("=") for line in lines]
    return {name: value for name, _, value in pairs if name != "csrf"}
