"""After a restore the operator learns what was forgotten, and what somebody holds again."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from access_requests.audit_tags import Tag as RequestTag
from access_requests.models import Grant
from access_requests.services import grants
from accounts.audit_tags import Tag as AccountTag
from audit import journal
from audit.models import Outcome
from audit.services import sealing
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.audit import make_entries, make_entry
from tests.factories.catalog import make_role, make_system

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchor_path(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHOR_PATH = tmp_path / "data" / "anchor.json"


class _BackToTheBackup(Exception):  # noqa: N818 - it undoes a block, nothing is wrong
    pass


@contextmanager
def forgotten() -> Iterator[None]:
    """Have what happens in the block sealed, and then undone as a restore does."""
    with suppress(_BackToTheBackup), transaction.atomic():
        yield
        sealing.seal()
        raise _BackToTheBackup


def _reconcile(*options: str) -> tuple[str, str]:
    """What the command prints, and its complaint."""
    out = StringIO()
    try:
        call_command("reconcile", *options, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def _grant() -> Grant:
    return make_grant(cast.assister(), make_role(make_system()))


def test_nothing_to_say_on_a_healthy_day() -> None:
    make_entries(3)
    sealing.seal()
    assert _reconcile() == ("The database has every entry of the journal.\n", "")


def test_a_role_that_was_given_back_is_held_again() -> None:
    grant = _grant()
    with forgotten():
        grants.remove(grant_id=grant.pk, holder=grant.person)

    printed, complaint = _reconcile()

    assert Grant.objects.active().filter(pk=grant.pk).exists()
    assert f"Role removed by its holder: {grant} (access_requests.grant {grant.pk})" in printed
    assert complaint.startswith("1 entries are forgotten")


def test_a_role_that_was_taken_anew_is_no_worry_any_more() -> None:
    grant = _grant()
    with forgotten():
        grants.remove(grant_id=grant.pk, holder=grant.person)
    grants.remove(grant_id=grant.pk, holder=grant.person)

    printed, complaint = _reconcile()

    assert "theirs again" not in printed
    assert complaint.startswith("1 entries are forgotten")


def test_an_account_that_was_closed_is_open_again() -> None:
    person = cast.assister()
    with forgotten():
        make_entry(AccountTag.SUSPEND, target=person)
        make_entry(AccountTag.SUSPEND, target=person, outcome=Outcome.REFUSED)

    printed, _complaint = _reconcile()

    told = f"Account suspended: {person} (accounts.user {person.pk}), by system"
    assert printed.count(told) == 1


def test_a_role_that_was_granted_and_ended_is_only_in_the_list(tmp_path: Path) -> None:
    path = tmp_path / "forgotten.csv"
    with forgotten():
        grant = _grant()
        make_entry(RequestTag.GRANT_ISSUE, target=grant)  # as a decision does
        grants.remove(grant_id=grant.pk, holder=grant.person)

    printed, complaint = _reconcile("--csv", str(path))

    assert "theirs again" not in printed
    assert complaint.startswith("2 entries are forgotten")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["tag"], row["target_id"]) for row in rows] == [
        ("grant:issue", str(grant.pk)),
        ("grant:remove", str(grant.pk)),
    ]


def test_the_journal_s_bad_lines_are_told() -> None:
    make_entries(1)
    sealing.seal()
    (file,) = journal.folder().iterdir()
    file.write_text(file.read_text() + "no line\n")
    printed, complaint = _reconcile()
    assert "1 lines of the journal cannot be believed" in printed
    assert complaint == ""
