"""One stack of processes for all drills of a round, a mail server behind a fault proxy."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.drills.crowd import Crowd
from tests.drills.stack import Stack, wait_until
from tests.live import invariants
from tests.live.fault_proxy import Fault, FaultProxy
from tests.live.mail import MailSink

APPROVERS = 20
PATIENCE = 600.0  # seconds; how long it took is a figure, so a busy machine only takes longer


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str, object], None]:
    """Take a figure for the table at the end."""

    def take(name: str, value: object) -> None:
        record_property(name, round(value, 2) if isinstance(value, float) else value)

    return take


@dataclass
class Mails:
    """The mail server, the proxy before it, and when a mail may have to be sent again.

    The sender marks mails without waiting for the disk: a database that is killed may forget
    the marks of its last moments, and those mails go out again under the same Message-ID. So does
    the one mail that a killed sender had handed over and not marked yet.
    """

    sink: MailSink
    proxy: FaultProxy
    forgotten: list[tuple[float, float]] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)

    def sender_dies(self) -> None:
        """Remember the moment."""
        self.killed.append(time.monotonic())

    def database_dies(self) -> None:
        """Remember the moment."""
        now = time.monotonic()
        self.forgotten.append((now - 1, now + 1))

    def cannot_be_marked(self, begin: float) -> None:
        """Remember that since `begin` the database took no marks."""
        self.forgotten.append((begin - 1, time.monotonic() + 1))

    def unexcused(self) -> int:
        """Count the mails that came twice, but for those of such moments; one for each sender."""
        left = [known for known in self._twice() if not self._is_excused(known)]
        for moment in self.killed:
            in_hand = next((known for known in left if moment - 2 <= known <= moment), None)
            if in_hand is not None:
                left.remove(in_hand)
        return len(left)

    def excused(self) -> int:
        """Count the mails that came twice because of such moments."""
        return len(list(self._twice())) - self.unexcused()

    def _twice(self) -> Iterator[float]:
        """When each mail that came again had come first."""
        first: dict[str, float] = {}
        for mail in self.sink.mails:
            known = first.setdefault(mail.message_id, mail.at)
            if known != mail.at:
                yield known

    def _is_excused(self, known: float) -> bool:
        return any(start <= known <= end for start, end in self.forgotten)


@pytest.fixture(scope="session")
def mails() -> Iterator[Mails]:
    """A mail server whose line can be cut."""
    with MailSink() as sink, FaultProxy(sink.port) as proxy:
        yield Mails(sink, proxy)


@pytest.fixture(scope="session")
def stack(mails: Mails) -> Iterator[Stack]:
    """The whole portal, each part a process of its own."""
    with Stack(mail_port=mails.proxy.port) as running:
        yield running


@pytest.fixture
def crowd(stack: Stack, request: pytest.FixtureRequest) -> Callable[[int], Crowd]:
    """Make a queue of so many requests and twenty approvers, signed in and ready."""

    def gather(requests: int) -> Crowd:
        words = re.findall(r"[a-z0-9]+", request.node.name.removeprefix("test_"))
        name = " ".join(words).title()[:60].strip()
        made = stack.run(
            "tests.live.queue", {"name": name, "approvers": APPROVERS, "requests": requests}
        )
        return Crowd(stack, made["approvers"], made["waiting"])

    return gather


@pytest.fixture
def settle(stack: Stack, mails: Mails, note: Callable[[str, object], None]) -> Callable[..., None]:
    """Wait until all mail has left and the log is sealed; then nothing may be broken."""

    def calm() -> None:
        mails.proxy.fault = Fault.NONE
        mails.sink.refusal = ""
        begin = time.monotonic()
        all_left = wait_until(lambda: stack.value(invariants.UNSENT) == 0, seconds=PATIENCE)
        waiting = (
            "select status, attempts, last_error, next_try_at from notifications_outboxmessage"
        )
        note("seconds until all mail had left", time.monotonic() - begin)
        assert all_left, stack.rows(f"{waiting} where status in ('queued', 'sending') limit 5")
        assert wait_until(lambda: stack.value(invariants.UNSEALED) == 0, seconds=PATIENCE)
        broken = invariants.broken(stack.rows)
        note("broken rules", ", ".join(broken) or "none")
        assert broken == {}
        assert stack.rows(invariants.FAILED_UNSEEN) == []
        stack.manage("audit_verify")
        _account_for_mails(stack, mails)

    return calm


def _account_for_mails(stack: Stack, mails: Mails) -> None:
    """Every mail marked sent arrived; none came twice but where its acknowledgement was lost."""
    arrived = [mail.message_id for mail in mails.sink.mails]
    sent = {row["message_id"] for row in stack.rows(invariants.SENT)}
    assert sent
    assert sent <= set(arrived), f"{len(sent - set(arrived))} mails lost"
    assert mails.unexcused() <= mails.proxy.dropped, "mails came twice"
