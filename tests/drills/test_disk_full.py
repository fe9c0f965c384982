"""The database's disk is full while twenty approvers decide: nothing half done, nothing lost."""

import contextlib
import time
from collections.abc import Iterator

import psycopg2
import pytest

from tests.drills import checks
from tests.drills.checks import Gather, Note, Settle
from tests.drills.conftest import Mails
from tests.drills.crowd import Crowd
from tests.drills.small_disk import SmallDisk, absent
from tests.drills.stack import Stack, wait_until
from tests.live import invariants
from tests.live.newcomers import PASSWORD

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(absent()), reason=absent() or "a small disk can be mounted"),
]

MEGABYTES = 384  # the cluster takes about 150 of them
REFUSALS = 40  # so many answers of 503 tell that nothing goes any more
AUDITED = """
    select count(*) from audit_auditentry
     where tag = 'access_request:approve' and outcome = 'success'"""
# Writes to the log of the database and asks for the next file of it.
NEXT_WAL_FILE = """
    select pg_logical_emit_message(false, 'drill', repeat('x', 100)), pg_switch_wal()"""


@pytest.fixture(scope="module")
def disk(mails: Mails) -> Iterator[tuple[SmallDisk, Stack]]:
    """A portal whose database lies on a small disk."""
    stack = Stack(mail_port=mails.proxy.port)
    disk = SmallDisk(stack.data / "cluster", megabytes=MEGABYTES)
    try:
        disk.__enter__()
    except OSError as error:
        stack.close()
        pytest.skip(str(error))
    try:
        with stack:
            yield disk, stack
    finally:
        disk.__exit__(None, None, None)
        stack.close()


@pytest.fixture
def stack(disk: tuple[SmallDisk, Stack]) -> Stack:
    """The portal of these drills."""
    return disk[1]


@pytest.fixture
def small_disk(disk: tuple[SmallDisk, Stack]) -> Iterator[SmallDisk]:
    """The disk below the database; has room again at the end, whatever happens."""
    yield disk[0]
    disk[0].empty()


def test_disk_full_while_approving(
    stack: Stack, small_disk: SmallDisk, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(60)
    with gathered:
        assert gathered.under_way.wait(60)
        begin = time.monotonic()
        small_disk.fill()
        assert _nothing_goes(gathered)
        assert invariants.broken(stack.rows) == {}
        assert small_disk.free < 8192
        small_disk.empty()
        given_back = time.monotonic()
        mails.cannot_be_marked(begin)
    started_again = stack.start_postgres()
    stack.wait_until_ready()
    note("seconds until all was decided", time.monotonic() - given_back)
    settle()
    checks.kept(stack, gathered.tally)
    checks.readable(gathered.tally.unavailable)
    note("seconds the disk was full", given_back - begin)
    note("database had to be started again", started_again)
    note("mails that could not be marked and came twice", mails.excused())
    checks.report(note, gathered.tally)


def test_no_room_for_the_audit_log(
    stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    """What cannot be recorded does not happen, though every other table has room."""
    gathered = crowd(60)
    (newcomer,) = stack.run("tests.live.newcomers", 1)
    with SmallDisk(stack.data / "audit-disk", megabytes=64) as disk, _audit_on(stack, disk):
        with gathered:
            assert gathered.under_way.wait(60)
            begin = time.monotonic()
            disk.fill()
            assert _nothing_goes(gathered)
            known = len(gathered.tally.acknowledged)
            approved = len(stack.rows(checks.APPROVED))
            assert approved == stack.value(AUDITED)
            # Smaller entries may still find a place on the last page, until that is full, too.
            assert wait_until(lambda: _is_turned_away(stack, newcomer["user_id"]), seconds=60)
            assert len(stack.rows(checks.APPROVED)) == stack.value(AUDITED)
            disk.empty()
            mails.cannot_be_marked(begin)
        settle()
    checks.kept(stack, gathered.tally)
    checks.readable(gathered.tally.unavailable)
    note("decisions before the audit log was full", known)
    stack.client().sign_in(newcomer["user_id"], PASSWORD)
    checks.report(note, gathered.tally)


def test_no_room_for_the_database_log(
    stack: Stack, small_disk: SmallDisk, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    """The worst of it: PostgreSQL stops itself, and is started again when there is room."""
    gathered = crowd(60)
    with gathered:
        assert gathered.under_way.wait(60)
        mails.database_dies()
        begin = time.monotonic()
        small_disk.fill()
        assert wait_until(lambda: _stops_for_the_next_wal_file(stack), seconds=60)
        page = stack.client(seconds=15).get("/catalog/")
        assert page.status == 503
        checks.readable(page.text)
        small_disk.empty()
        mails.cannot_be_marked(begin)
        back = time.monotonic()
        started_again = stack.start_postgres()
        stack.wait_until_ready()
        note("seconds until the portal was back", time.monotonic() - back)
    settle()
    checks.kept(stack, gathered.tally)
    note("database had to be started again", started_again)
    note("mails that could not be marked and came twice", mails.excused())
    checks.report(note, gathered.tally)


def _nothing_goes(gathered: Crowd) -> bool:
    """Wait until many answers in a row said that nothing can be saved."""
    tally = gathered.tally
    known = (-1, 0)

    def stands_still() -> bool:
        nonlocal known
        if len(tally.acknowledged) != known[0]:
            known = (len(tally.acknowledged), tally.statuses[503])
        return tally.statuses[503] - known[1] >= REFUSALS

    return wait_until(stands_still, seconds=90)


def _is_turned_away(stack: Stack, user_id: str) -> bool:
    """Tell whether a sign-in ends at the page that says to come back."""
    try:
        stack.client().sign_in(user_id, PASSWORD)
    except LookupError as error:
        assert "(503)" in str(error)  # noqa: PT017 - any other end is a fault
        return True
    return False


def _stops_for_the_next_wal_file(stack: Stack) -> bool:
    """Have the database want more room; tell whether it is gone for want of it."""
    try:
        stack.rows(NEXT_WAL_FILE)
    except psycopg2.Error:
        stack.forget_connection()
        return True
    return False


@contextlib.contextmanager
def _audit_on(stack: Stack, disk: SmallDisk) -> Iterator[None]:
    """Move the entries of the audit log to a disk of their own while the block runs."""
    stack.execute(f"create tablespace audit_disk location '{disk.folder}'")
    stack.execute("alter table audit_auditentry set tablespace audit_disk")
    try:
        yield
    finally:
        disk.empty()
        stack.execute("alter table audit_auditentry set tablespace pg_default")
        stack.execute("drop tablespace audit_disk")
