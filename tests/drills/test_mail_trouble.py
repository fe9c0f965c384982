"""The mail server is away, slow, silent, rude, or loses its last word; pages never wait for it."""

import pytest

from tests.drills.checks import Gather, Note, Settle
from tests.drills.conftest import Mails
from tests.drills.stack import Stack, wait_until
from tests.live.fault_proxy import Fault

pytestmark = pytest.mark.timeout(1500)

TROUBLED = """
    select count(*) from notifications_outboxmessage where status = 'queued' and last_error <> ''"""
FAILED = "select count(*) from notifications_outboxmessage where status = 'failed'"
FAULTS = [Fault.REFUSE, Fault.DELAY, Fault.BLACKHOLE, Fault.RESET, Fault.DROP_REPLY]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.value)
def test_line_to_the_mail_server(
    fault: Fault, stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(20)
    mails.proxy.fault = fault
    with gathered:
        pass
    assert wait_until(lambda: _was_met(fault, stack, mails), seconds=60)
    settle()
    assert gathered.tally.lost == []
    assert gathered.tally.statuses[500] == 0
    assert gathered.tally.p95() < 3
    assert stack.value(FAILED) == 0
    note("p95 of the pages in seconds", gathered.tally.p95())
    note("replies lost so far", mails.proxy.dropped)


def _was_met(fault: Fault, stack: Stack, mails: Mails) -> bool:
    """Tell whether the sender has run into the fault."""
    if fault is Fault.DELAY:
        return True  # nothing fails, it only takes longer
    if fault is Fault.DROP_REPLY:
        return mails.proxy.dropped > 0
    return bool(stack.value(TROUBLED))


def test_temporary_refusal(
    stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(20)
    mails.sink.refusal = "451 try again later"
    with gathered:
        pass
    assert wait_until(lambda: mails.sink.refused > 0, seconds=60)
    note("mails refused for now", mails.sink.refused)
    settle()
    assert (
        stack.value("select count(*) from notifications_outboxmessage where status='failed'") == 0
    )


def test_final_refusal_is_kept_and_shown(
    stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(10)
    mails.sink.refusal = "550 no such mailbox"
    with gathered:
        pass
    assert wait_until(lambda: stack.value(FAILED) > 0, seconds=60)
    settle()
    shown = stack.rows(
        "select last_error, attempts from notifications_outboxmessage where status = 'failed'"
    )
    assert all("550" in row["last_error"] for row in shown)
    note("mails failed for good, and shown", len(shown))
