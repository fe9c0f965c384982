"""Parts of the portal are killed or frozen while twenty approvers decide; nothing is lost."""

import os
import random
import signal
import threading
import time

import pytest

from tests.drills import checks
from tests.drills.checks import Gather, Note, Settle
from tests.drills.conftest import Mails
from tests.drills.stack import Stack, wait_until

pytestmark = pytest.mark.timeout(1500)


def test_worker_killed_while_mail_drains(
    stack: Stack, crowd: Gather, mails: Mails, settle: Settle, note: Note
) -> None:
    kills, before = 0, mails.excused()
    gathered = crowd(100)  # twenty approvers are told of each request: two thousand mails
    with gathered:
        gathered.under_way.wait(60)
        for _ in range(5):
            time.sleep(random.uniform(0.2, 1.5))  # a moment nobody chose
            stack.kill("worker")
            mails.sender_dies()
            kills += 1
            stack.start("worker")
    checks.kept(stack, gathered.tally)
    settle()
    note("worker killed", kills)
    note("mails that came again, the one in hand at a kill", mails.excused() - before)
    checks.report(note, gathered.tally)


def test_valkey_killed_while_approving(
    stack: Stack, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(100)
    with gathered:
        gathered.under_way.wait(60)
        port = stack.valkey.port
        with gathered.kept_reading():
            stack.kill_valkey()
            time.sleep(20)  # the outage itself, as long as the drill says
            stack.valkey.start(port)
    stack.wait_until_ready()
    settle()
    checks.kept(stack, gathered.tally)
    assert gathered.tally.p95() < 3
    checks.report(note, gathered.tally)


def test_valkey_killed_and_wiped_while_approving(
    stack: Stack, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(100)
    with gathered:
        gathered.under_way.wait(60)
        stack.wipe_valkey()
    stack.wait_until_ready()
    settle()
    checks.kept(stack, gathered.tally)
    checks.report(note, gathered.tally)


def test_valkey_frozen_while_approving(
    stack: Stack, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(100)
    with gathered:
        gathered.under_way.wait(60)
        with gathered.kept_reading():
            stack.signal_valkey(signal.SIGSTOP)
            try:
                time.sleep(60)  # the outage itself, as long as the drill says
            finally:
                stack.signal_valkey(signal.SIGCONT)
    stack.wait_until_ready()
    settle()
    checks.kept(stack, gathered.tally)
    assert gathered.tally.p95() < 3
    checks.report(note, gathered.tally)


def test_postgres_killed_while_approving(
    stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note
) -> None:
    gathered = crowd(100)
    with gathered:
        gathered.under_way.wait(60)
        port = stack.postgres.port
        mails.database_dies()
        stack.kill_postgres()
        page = stack.client(seconds=15).get("/catalog/")
        assert page.status == 503
        begin = time.monotonic()
        stack.postgres.start(port)
        back = time.monotonic()

        def answers() -> bool:
            return stack.client(seconds=5).get("/about/").status == 200

        assert wait_until(answers, seconds=10)
        reconnected = time.monotonic() - back
    stack.wait_until_ready()
    settle()
    checks.kept(stack, gathered.tally)
    assert reconnected < 5
    note("seconds to recover", back - begin)
    note("seconds until pages were back", reconnected)
    checks.report(note, gathered.tally)


def test_web_worker_killed_fifty_times(
    stack: Stack, crowd: Gather, settle: Settle, note: Note
) -> None:
    kills = 0
    over = threading.Event()
    gathered = crowd(150)

    def kill_one_after_the_other() -> None:
        nonlocal kills
        while kills < 50 and not over.wait(0.15):
            for child in stack.children("web")[:1]:
                os.kill(child, signal.SIGKILL)
                kills += 1

    killer = threading.Thread(target=kill_one_after_the_other)
    with gathered:
        killer.start()
    over.set()
    killer.join()
    settle()
    checks.kept(stack, gathered.tally)
    note("web workers killed", kills)
    checks.report(note, gathered.tally)


def test_the_same_task_ten_times(stack: Stack, crowd: Gather, settle: Settle, note: Note) -> None:
    with crowd(40) as gathered:
        sent = stack.run("tests.live.repeat_tasks", 10)
    settle()
    checks.kept(stack, gathered.tally)
    note("tasks sent", sent)
