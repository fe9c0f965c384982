"""Many approvers at once, each in a browser of their own, who decide until the queue is empty.

Where a drill wants it, they go on reading pages until its outage is over.
"""

import contextlib
import itertools
import queue
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin

from tests.drills.stack import Stack
from tests.live.client import Answer, Client
from tests.live.newcomers import PASSWORD

RETRY_AFTER = 0.2
READS_EVERY = 0.5  # a person looks at a page before opening the next
GIVE_UP_AFTER = 300.0


@dataclass
class Tally:
    """What the crowd saw."""

    acknowledged: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0  # connections that gave no answer
    lost: list[str] = field(default_factory=list)  # never got an answer to the end
    unavailable: str = ""  # the last page that said so

    def p95(self) -> float:
        """The answer time that 95 of 100 stayed below, in seconds."""
        if len(self.seconds) < 2:
            return 0.0
        return statistics.quantiles(self.seconds, n=20)[-1]


class Crowd:
    """Approvers who work a list of tracking numbers; `with` starts and at the end joins them.

    An approver whose answer does not come sends the same form again, as a person would press
    the button again: the form key makes it one decision.
    """

    def __init__(self, stack: Stack, approvers: dict[str, str], waiting: list[str]) -> None:
        self.stack = stack
        self.tally = Tally()
        self.under_way = threading.Event()  # a quarter is decided
        self.over = threading.Event()  # nobody has to go on reading
        self.over.set()
        self._sent_home = threading.Event()  # the drill itself has failed
        self._quarter = max(1, len(waiting) // 4)
        self._todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        for tracking in waiting:
            self._todo.put(tracking)
        self._lock = threading.Lock()
        self._clients = [self._signed_in(*approver) for approver in approvers.items()]
        self._threads = [
            threading.Thread(target=self._work, args=(client,), daemon=True)
            for client in self._clients
        ]

    def _signed_in(self, user_id: str, seed: str) -> Client:
        client = self.stack.client(seconds=15)
        client.sign_in(user_id, PASSWORD, seed=seed)
        return client

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None:
            self._sent_home.set()
        self.join()

    @contextlib.contextmanager
    def kept_reading(self) -> Iterator[None]:
        """Let those who are done open pages as long as the block runs."""
        self.over.clear()
        try:
            yield
        finally:
            self.over.set()

    def join(self, *, seconds: float = 900) -> Tally:
        """Wait until everything is decided; raises TimeoutError when somebody is not done."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, until - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            raise TimeoutError("some approvers are not done")
        return self.tally

    def _work(self, client: Client) -> None:
        with contextlib.suppress(queue.Empty):
            while not self._sent_home.is_set():
                self._decide(client, self._todo.get_nowait())
        for path in itertools.cycle(("/approvals/", "/catalog/", "/welcome/")):
            if self.over.wait(READS_EVERY):
                return
            self._read(client, path)

    def _read(self, client: Client, path: str) -> None:
        try:
            self._timed(client.get, path)
        except OSError:
            with self._lock:
                self.tally.broken += 1

    def _decide(self, client: Client, tracking: str) -> None:
        until = time.monotonic() + GIVE_UP_AFTER
        path = f"/approvals/{tracking}/"
        pairs: list[tuple[str, str]] = []
        while time.monotonic() < until and not self._sent_home.is_set():
            try:
                if not pairs:
                    page = self._timed(client.get, path)
                    if page.status != 200:
                        time.sleep(RETRY_AFTER)
                        continue
                    form = page.form("/approve/")
                    pairs, target = form.pairs(), urljoin(page.url, form.action)
                answer = self._timed(client.post, target, pairs)
            except OSError:
                with self._lock:
                    self.tally.broken += 1
                time.sleep(RETRY_AFTER)
                continue
            if answer.status == 200 and tracking in answer.text:
                with self._lock:
                    self.tally.acknowledged.add(tracking)
                    if len(self.tally.acknowledged) >= self._quarter:
                        self.under_way.set()
                return
            time.sleep(RETRY_AFTER)
        with self._lock:
            self.tally.lost.append(tracking)

    def _timed(self, ask: object, *given: object) -> Answer:
        begin = time.monotonic()
        answer: Answer = ask(*given)  # type: ignore[operator]
        with self._lock:
            self.tally.seconds.append(time.monotonic() - begin)
            self.tally.statuses[answer.status] += 1
            if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                self.tally.unavailable = answer.text
        return answer
