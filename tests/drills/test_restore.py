"""A backup is taken while people decide; the database is lost later and comes back from it.

Walks the steps of `docs/operations.md`, and checks that the list of what was forgotten is whole.
"""

import csv
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills import checks
from tests.drills.checks import Gather, Note, Settle
from tests.drills.conftest import Mails
from tests.drills.stack import PARTS, Stack
from tests.live import invariants
from tests.live.client import Client
from tests.live.newcomers import PASSWORD

pytestmark = pytest.mark.timeout(600)

REQUESTS = """
    select id::text as key, tracking_number from access_requests_accessrequest"""
ENTRIES = "select uid::text as key, tag, target_id from audit_auditentry"
IS_HELD = "select ended_at is null from access_requests_grant where id = %s"
HOLDER = "holder.of.a.role"
HEAD = "select coalesce(max(seq), 0) from audit_auditlink"


@pytest.fixture(scope="module")
def portal(mails: Mails) -> Iterator[Stack]:
    """A portal whose database may be lost."""
    with Stack(mail_port=mails.proxy.port) as running:
        yield running


@pytest.fixture
def stack(portal: Stack) -> Stack:
    """The portal of this drill."""
    return portal


def test_restored_from_a_backup_taken_while_approving(
    stack: Stack, mails: Mails, crowd: Gather, settle: Settle, note: Note, tmp_path: Path
) -> None:
    grant = stack.run("tests.live.holder", HOLDER)
    old_browser = stack.client()
    old_browser.sign_in(HOLDER, PASSWORD)
    backup = stack.data / "backup.dump"
    gathered = crowd(60)
    with gathered:
        assert gathered.under_way.wait(60)
        backed_up = time.monotonic()
        _run(stack, "pg_dump", "--format=custom", "--file", str(backup), stack.postgres.url)
        note("seconds of the backup", time.monotonic() - backed_up)
    _give_back(old_browser, grant)
    assert not stack.value(IS_HELD, grant)
    settle()
    checks.kept(stack, gathered.tally)
    before = {row["key"]: row for row in stack.rows(ENTRIES)}
    head_before = stack.value(HEAD)
    requests = {row["tracking_number"]: row["key"] for row in stack.rows(REQUESTS)}

    begin = time.monotonic()
    _lose_and_restore(stack, backup)
    note("seconds of the restore", time.monotonic() - begin)
    known = {row["key"] for row in stack.rows(ENTRIES)}
    approved = {row["tracking_number"] for row in stack.rows(checks.APPROVED)}
    lost = gathered.tally.acknowledged - approved
    assert lost, "the backup came after the last decision"

    # The backup is a whole, of one moment.
    assert invariants.broken(stack.rows) == {}
    assert stack.value(IS_HELD, grant)

    # The anchor tells how much is missing, the journal what.
    with pytest.raises(RuntimeError, match=rf"links \d+ to {head_before} were cut off"):
        stack.manage("audit_verify")
    listed = tmp_path / "forgotten.csv"
    with pytest.raises(RuntimeError, match="entries are forgotten") as told:
        stack.manage("reconcile", "--csv", str(listed))
    assert f"(access_requests.grant {grant}), by {HOLDER}" in str(told.value)
    with listed.open(newline="") as file:
        forgotten = list(csv.DictReader(file))
    assert {row["uid"] for row in forgotten} == set(before) - known
    approvals = {row["target_id"] for row in forgotten if row["tag"] == "access_request:approve"}
    assert {requests[tracking] for tracking in lost} <= approvals
    note("decisions acknowledged after the backup", len(lost))
    note("entries forgotten, and listed", len(forgotten))

    # The operator takes it anew, accepts the head, and lets people in.
    mails.cannot_be_marked(backed_up)
    _let_people_in(stack)
    assert old_browser.get("/access/").path != "/access/"  # everybody was signed out
    new_browser = stack.client()
    new_browser.sign_in(HOLDER, PASSWORD)
    _give_back(new_browser, grant)
    assert not stack.value(IS_HELD, grant)
    settle()
    checks.report(note, gathered.tally)


def _give_back(client: Client, grant_id: int) -> None:
    """Remove a role of one's own."""
    path, token = f"/access/{grant_id}/remove/", "csrfmiddlewaretoken"
    pairs = client.get(path).form(token).pairs()
    client.post(path, [pair for pair in pairs if pair[0] == token])


def _lose_and_restore(stack: Stack, backup: Path) -> None:
    """Stop the portal, throw the cluster away, make an empty one, and fill it from the backup."""
    for part in reversed(PARTS):
        stack.kill(part)
    stack.lose_postgres()
    stack.wipe_valkey()
    into = ("--no-owner", "--exit-on-error", "--dbname", stack.postgres.url)
    _run(stack, "pg_restore", *into, str(backup))


def _let_people_in(stack: Stack) -> None:
    """Accept what was restored, sign everybody out, start the portal."""
    stack.manage("audit_verify", "--accept-head")
    stack.told["SECRET_KEY"] = f"after the restore, {stack.environment['SECRET_KEY']}"
    for part in PARTS:
        stack.start(part)
    stack.wait_until_ready()


def _run(stack: Stack, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; raises RuntimeError with what it says."""
    done = subprocess.run(
        [stack.postgres.programs.folder / program, *arguments],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{program} failed:\n{done.stderr}")
