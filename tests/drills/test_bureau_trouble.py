"""The proofing bureau is silent, slow, away, or talks nonsense: nobody waits, nobody passes."""

import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.applicants import Applicant
from tests.drills.checks import Note, Settle
from tests.drills.conftest import Mails
from tests.drills.stack import Stack, wait_until
from tests.live.bureau import PORT, Bureau
from tests.live.fault_proxy import Fault, FaultProxy

pytestmark = pytest.mark.timeout(600)

LIMIT = 5.0  # PROOFING_TIMEOUT
TROUBLES = 5  # PROOFING_TROUBLES_IN_A_ROW
PAUSE = 30.0  # PROOFING_PAUSE
MARGIN = 2.0  # for everything that is not the bureau, on a busy machine

PROVEN = """
    select u.user_id from accounts_user u where u.ial >= 2 and u.user_id like 'newcomer.%%'"""
ATTEMPTS = """
    select a.status, a.cause, a.fails, a.reference from accounts_proofingattempt a
      join accounts_user u on u.id = a.user_id where u.user_id = %s order by a.id"""
PASSED = "select reference from accounts_proofingattempt where status = 'passed'"

# What a bureau, a proxy before it or somebody in between could send instead of a judgement.
NONSENSE = {
    "a page of a proxy": b"<html><title>502 Bad Gateway</title></html>",
    "nothing at all": b"",
    "half a reply": b'{"reference": "REFERENCE", "result": "pas',
    "another spelling": b'{"reference": "REFERENCE", "result": "PASSED"}',
    "a yes of another kind": b'{"reference": "REFERENCE", "result": true}',
    "a yes to somebody else": b'{"reference": "inquiry-0", "result": "passed"}',
    "a list with a yes": b'[{"reference": "REFERENCE", "result": "passed"}]',
    "a very long reply": b'{"reference": "REFERENCE", "result": "' + b"passed" * 500_000 + b'"}',
}


@pytest.fixture(scope="module")
def bureau() -> Iterator[Bureau]:
    """A bureau that answers."""
    with Bureau() as running:
        yield running


@pytest.fixture(scope="module")
def line(bureau: Bureau) -> Iterator[FaultProxy]:
    """The line to it, which can be cut."""
    with FaultProxy(bureau.port, delay=LIMIT + 3) as running:
        yield running


@pytest.fixture(scope="module")
def portal(mails: Mails, line: FaultProxy) -> Iterator[Stack]:
    """A portal that proves identities through this line."""
    provider = "tests.live.bureau.LineBureau"
    told = {"PROOFING_PROVIDER": provider, PORT: str(line.port)}
    with Stack(mail_port=mails.proxy.port, environment=told) as running:
        yield running


@pytest.fixture
def stack(portal: Stack) -> Stack:
    """The portal of these drills."""
    return portal


@pytest.fixture
def mended(bureau: Bureau, line: FaultProxy) -> Iterator[None]:
    """Leave bureau and line as they were."""
    yield
    bureau.garbage.clear()
    line.fault = Fault.NONE


def _applicants(stack: Stack, count: int) -> list[Applicant]:
    return [Applicant(stack, person) for person in stack.run("tests.live.newcomers", count)]


def _only_the_bureaus_yes(stack: Stack, bureau: Bureau) -> None:
    """Nobody is proven whom the bureau did not pass, in clear words and under its reference."""
    passed = {row["reference"] for row in stack.rows(PASSED)}
    assert passed <= bureau.passed
    assert len(stack.rows(PROVEN)) == len(passed)


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("fault", [Fault.BLACKHOLE, Fault.DELAY], ids=["silent", "slow"])
def test_bureau_too_late(
    fault: Fault, stack: Stack, bureau: Bureau, line: FaultProxy, settle: Settle, note: Note
) -> None:
    """Nobody waits longer than the limit, other pages go on; then nobody waits until it is back.

    More people ask at once than a process has lines for, so some are told at once; those do not
    speak against the bureau. Further ones ask until it counts as away.
    """
    people = _applicants(stack, 2 * TROUBLES + 1)
    for person in people:
        person.agree()
    *waiting, late = people
    others = _Reader(stack)
    line.fault = fault
    with ThreadPoolExecutor(TROUBLES) as pool, others:
        waited = list(pool.map(Applicant.ask, waiting[:TROUBLES]))
    assert all(seconds < LIMIT + MARGIN for seconds in waited)
    assert max(waited) > LIMIT - 0.5
    assert others.p95() < MARGIN
    for person in waiting[TROUBLES:]:
        assert person.ask() < LIMIT + MARGIN

    asked_before = len(bureau.asked)
    spared = late.ask()
    assert spared < LIMIT - MARGIN
    assert len(bureau.asked) == asked_before
    for person in people:
        assert "The bureau gave no answer" in person.page.text
        assert [(row["status"], row["fails"]) for row in stack.rows(ATTEMPTS, person.user_id)] == [
            ("trouble", 0)
        ]
    _only_the_bureaus_yes(stack, bureau)

    line.fault = Fault.NONE
    back = time.monotonic()
    assert wait_until(late.asks_again_and_gets_questions, seconds=PAUSE + 15, every=5)
    resumed = time.monotonic() - back
    late.answer()
    assert "Your identity is proven" in late.page.text
    _only_the_bureaus_yes(stack, bureau)
    settle()
    note("longest wait in seconds", max(waited))
    note("wait while the circuit is open", spared)
    note("seconds until it went on", resumed)
    note("p95 of other pages meanwhile", others.p95())
    assert others.statuses == {200}


@pytest.mark.usefixtures("mended")
def test_bureau_talks_nonsense(stack: Stack, bureau: Bureau, settle: Settle, note: Note) -> None:
    """Nothing but the exact yes to this inquiry is a yes."""
    (person,) = _applicants(stack, 1)
    for name, words in NONSENSE.items():
        person.agree()
        person.ask()
        bureau.garbage = {"answer": words}
        person.answer()
        bureau.garbage = {}
        assert "The bureau gave no answer" in person.page.text, name
    attempts = stack.rows(ATTEMPTS, person.user_id)
    assert [(row["status"], row["cause"], row["fails"]) for row in attempts] == [
        ("trouble", "garbage", 0)
    ] * len(NONSENSE)
    assert person.user_id not in {row["user_id"] for row in stack.rows(PROVEN)}

    person.agree()
    person.ask()
    person.answer()
    assert "Your identity is proven" in person.page.text
    _only_the_bureaus_yes(stack, bureau)
    settle()
    note("kinds of nonsense, none taken for a yes", len(NONSENSE))


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.RESET], ids=["refuses", "hangs-up"])
def test_bureau_goes_away_before_the_answers(
    fault: Fault, stack: Stack, bureau: Bureau, line: FaultProxy, settle: Settle, note: Note
) -> None:
    """The person begins anew when it is back, with all tries."""
    (person,) = _applicants(stack, 1)
    person.agree()
    person.ask()
    line.fault = fault
    begin = time.monotonic()
    person.answer()
    note("seconds until the page said so", time.monotonic() - begin)
    assert "The bureau gave no answer" in person.page.text
    line.fault = Fault.NONE
    person.agree()
    person.ask()
    person.answer()
    assert "Your identity is proven" in person.page.text
    attempts = [(row["status"], row["fails"]) for row in stack.rows(ATTEMPTS, person.user_id)]
    assert attempts == [("trouble", 0), ("passed", 0)]
    _only_the_bureaus_yes(stack, bureau)
    settle()


class _Reader:
    """Somebody who has nothing to do with it, and reads on while the block runs."""

    def __init__(self, stack: Stack) -> None:
        self.statuses: set[int] = set()
        self._seconds: list[float] = []
        self._client = stack.client()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(60)

    def p95(self) -> float:
        """The answer time that 95 of 100 stayed below, in seconds."""
        return statistics.quantiles(self._seconds, n=20)[-1]

    def _read(self) -> None:
        while not self._over.wait(0.1):
            begin = time.monotonic()
            self.statuses.add(self._client.get("/catalog/").status)
            self._seconds.append(time.monotonic() - begin)
