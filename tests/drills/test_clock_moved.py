"""The clocks of web and worker are set while people decide; the sequence keeps the order.

The tests go forward in time, one after the other, on one portal.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.drills import checks
from tests.drills.checks import Gather, Note, Settle
from tests.drills.clocks import ClockedStack, absent
from tests.drills.conftest import Mails
from tests.drills.stack import wait_until
from tests.live import invariants
from tests.live.newcomers import PASSWORD

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(absent()), reason=absent() or "clocks can be moved"),
]

DUE = f"{invariants.UNSENT} and next_try_at <= %s"
# The chain is in the order of sealing, whatever the clock said meanwhile.
BACKWARDS = """
    select count(*) from (select e.at < lag(e.at) over (order by l.seq) as earlier
      from audit_auditlink l join audit_auditentry e on e.id = l.entry_id) as chain where earlier"""
SAID_TWICE = """
    select recipient_id, name, count(*) from notifications_outboxmessage
     where created_at >= %s group by recipient_id, name, context having count(*) > 1"""
CERTIFY = """
    select distinct certify_by from access_requests_grant where started_at >= %s"""
EXPIRED = "select count(*) from accounts_user where expired_at is not null"
ACTIVE = "select count(*) from accounts_user where is_active"
NOTICED = "select count(distinct user_id) from accounts_inactivitynotice"
ENDED_GRANTS = "select count(*) from access_requests_grant where ended_at is not null"


@pytest.fixture(scope="module")
def portal(mails: Mails) -> Iterator[ClockedStack]:
    """A portal whose clocks can be moved."""
    with ClockedStack(mail_port=mails.proxy.port) as running:
        yield running


@pytest.fixture
def stack(portal: ClockedStack) -> ClockedStack:
    """The portal of these drills."""
    return portal


def test_clock_35_seconds_forward(
    stack: ClockedStack, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(40)
    with gathered:
        assert gathered.under_way.wait(60)
        stack.clocks.set(stack.clocks.ahead() + 35)
    settle()
    checks.kept(stack, gathered.tally)
    for skew in (-29, 29):
        assert _signs_in(stack, *_with_an_app(stack), skew=skew), f"watch {skew} s off"
    for skew in (-95, 95):
        assert not _signs_in(stack, *_with_an_app(stack), skew=skew), f"watch {skew} s off"
    checks.report(note, gathered.tally)


def test_clock_ten_minutes_back(
    stack: ClockedStack, crowd: Gather, settle: Settle, note: Note
) -> None:
    start = stack.clocks.ahead()
    user_id, seed = _with_an_app(stack)
    signed_in_at = time.time()
    assert _signs_in(stack, user_id, seed)
    code_is_over = time.monotonic() + 30
    gathered = crowd(40)
    try:
        with gathered:
            assert gathered.under_way.wait(60)
            stack.clocks.set(start - 600)
            begin = time.monotonic()
        assert wait_until(lambda: stack.value(DUE, stack.clocks.now()) == 0, seconds=60)
        note("seconds until what was due had left", time.monotonic() - begin)
        assert wait_until(lambda: stack.client().get("/readyz").status == 200, seconds=60)
        assert not _signs_in(stack, user_id, seed), "a step before one that was used"
        # The same moment comes again, and the same code with it.
        stack.clocks.set(start - (time.time() - signed_in_at))
        assert not _signs_in(stack, user_id, seed), "a code that was used"
    finally:
        stack.clocks.set(start)
    settle()
    checks.kept(stack, gathered.tally)
    assert wait_until(lambda: time.monotonic() > code_is_over, seconds=40)
    assert _signs_in(stack, user_id, seed)
    backwards = stack.value(BACKWARDS)
    assert backwards
    note("places where the chain goes on and the clock went back", backwards)
    checks.report(note, gathered.tally)


@pytest.mark.parametrize("ahead", [120, -120], ids=["worker-ahead", "worker-behind"])
def test_web_and_worker_two_minutes_apart(
    ahead: int, stack: ClockedStack, crowd: Gather, settle: Settle, note: Note
) -> None:
    start, begin = stack.clocks.ahead(), stack.clocks.now()
    stack.clocks.set(start + ahead, "worker")
    try:
        with crowd(20) as gathered:
            pass
        settle()
        assert stack.client().get("/readyz").status == 200
    finally:
        stack.clocks.set(start, "worker")
    checks.kept(stack, gathered.tally)
    assert stack.rows(SAID_TWICE, begin) == []
    checks.report(note, gathered.tally)


@pytest.mark.parametrize(
    "switch",
    [datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)],
    ids=["hour-skipped", "hour-twice"],
)
def test_night_of_the_changed_hour(
    switch: datetime, stack: ClockedStack, crowd: Gather, settle: Settle, note: Note
) -> None:
    _time_passes_as_usual(stack, switch - timedelta(minutes=10))
    begin = stack.clocks.now()
    gathered = crowd(40)
    with gathered:
        assert gathered.under_way.wait(60)
        stack.clocks.set_to(switch - timedelta(seconds=1))
    settle()
    assert stack.clocks.now() > switch
    checks.kept(stack, gathered.tally)
    night = (switch - timedelta(hours=5)).date()
    assert stack.rows(CERTIFY, begin) == [{"certify_by": night + timedelta(days=365)}]
    assert stack.rows(SAID_TWICE, begin) == []
    checks.report(note, gathered.tally)


def test_leap_day(stack: ClockedStack, crowd: Gather, settle: Settle, note: Note) -> None:
    _time_passes_as_usual(stack, datetime(2028, 2, 29, 17, tzinfo=UTC))
    begin = stack.clocks.now()
    with crowd(20) as gathered:
        pass
    settle()
    checks.kept(stack, gathered.tally)
    assert stack.rows(CERTIFY, begin) == [{"certify_by": date(2029, 2, 28)}]
    assert stack.rows(SAID_TWICE, begin) == []
    checks.report(note, gathered.tally)


def test_thirteen_months_in_one_jump(
    stack: ClockedStack, mails: Mails, settle: Settle, note: Note
) -> None:
    """What is overdue gets its notices first; nothing is taken from everybody in one second."""
    waiting = stack.run("tests.live.queue", {"name": "Long Asleep", "approvers": 1, "requests": 1})
    (person,) = stack.run("tests.live.newcomers", 1)
    browser = stack.client()
    browser.sign_in(person["user_id"], PASSWORD)
    settle()
    before = [stack.value(EXPIRED), stack.value(ENDED_GRANTS)]
    active, begin = stack.value(ACTIVE), stack.clocks.now()

    stack.clocks.set_to(begin + timedelta(days=396))
    landed = stack.clocks.now()
    assert browser.get("/access/").path != "/access/"
    assert wait_until(lambda: stack.value(NOTICED) >= active, seconds=120)
    settle()
    assert [stack.value(EXPIRED), stack.value(ENDED_GRANTS)] == before
    assert _status(stack, waiting["waiting"][0]) == "pending"
    assert stack.rows(SAID_TWICE, landed) == []
    note("people who were told first", stack.value(NOTICED))

    stack.clocks.set_to(landed + timedelta(days=1, hours=1))
    assert wait_until(lambda: stack.value(ACTIVE) == 0, seconds=120)
    settle()
    assert stack.rows(SAID_TWICE, landed) == []
    with pytest.raises(LookupError):
        stack.client().sign_in(person["user_id"], PASSWORD)
    assert stack.value(ENDED_GRANTS) == before[1]
    note("accounts that rested a day later", stack.value(EXPIRED) - before[0])


def _with_an_app(stack: ClockedStack) -> tuple[str, str]:
    """Somebody new with an app that was set up long ago; returns User ID and seed."""
    (person,) = stack.run("tests.live.newcomers", 1)
    seed = stack.run("tests.live.apps", person["user_id"])
    stack.execute("update accounts_mfadevice set last_step = null")
    return person["user_id"], seed


def _signs_in(stack: ClockedStack, user_id: str, seed: str, *, skew: float = 0) -> bool:
    """Tell whether a code of a watch that is so far off opens the account."""
    browser = stack.client()
    browser.ahead += skew
    try:
        browser.sign_in(user_id, PASSWORD, seed=seed)
    except LookupError:
        return False
    return True


def _time_passes_as_usual(stack: ClockedStack, moment: datetime) -> None:
    """Come to a moment, as if everybody had signed in now and then."""
    stack.execute(f"update accounts_user set last_sign_in_at = '{moment.isoformat()}'")  # noqa: S608 - text of ours
    stack.clocks.set_to(moment)


def _status(stack: ClockedStack, tracking: str) -> str:
    statement = "select status from access_requests_accessrequest where tracking_number = %s"
    return str(stack.value(statement, tracking))
