"""The policies of the room as decision tables, without a database."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from access_requests import policies
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.standing import Standing
from accounts.assurance import Strength

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def minutes(number: Any) -> Any:
    return dt.timedelta(minutes=number)


def person(
    pk: Any = 1,
    *,
    ial: Any = 1,
    is_active: Any = True,
    rights: Any = (),
    strength: Any = Strength.STRONG,
) -> Any:
    return SimpleNamespace(
        pk=pk,
        ial=ial,
        is_active=is_active,
        has_perm=lambda right: right in rights,
        session_strength=strength,
    )


def role(*, ial: Any = 1, is_active: Any = True, listed: Any = True, wait: Any = 0) -> Any:
    system = SimpleNamespace(is_active=listed, reapply_wait_minutes=wait)
    return SimpleNamespace(required_ial=ial, is_active=is_active, system=system)


def ask(
    *, status: Any = Status.PENDING, requester: Any = 1, revision: Any = 3, **fields: Any
) -> Any:
    return SimpleNamespace(
        requester_id=requester,
        status=status,
        revision=revision,
        is_open=status in {Status.PENDING, Status.RETURNED},
        **{"role": role(), "reason": "Helps.", "typed": None, **fields},
    )


@pytest.mark.parametrize(
    ("user", "wanted", "standing", "reason"),
    [
        (person(), role(), Standing(), None),
        (person(is_active=False), role(), Standing(), Reason.ROLE_NOT_OFFERED),
        (person(), role(is_active=False), Standing(), Reason.ROLE_NOT_OFFERED),
        (person(), role(listed=False), Standing(), Reason.ROLE_NOT_OFFERED),
        (person(), role(ial=2), Standing(), Reason.NEEDS_PROOFING),
        (person(ial=2), role(ial=2), Standing(), None),
        (person(), role(), Standing(holds=True), Reason.ALREADY_HELD),
        (person(), role(), Standing(open_tracking_number="1"), Reason.ALREADY_PENDING),
        (person(), role(), Standing(excluded_by="Helpdesk"), Reason.EXCLUDED_BY_ROLE),
        (person(), role(), Standing(removed_at=NOW), None),
        (person(), role(wait=5), Standing(removed_at=NOW), Reason.WAIT_BEFORE_REAPPLYING),
        (
            person(),
            role(wait=5),
            Standing(removed_at=NOW - minutes(4.99)),
            Reason.WAIT_BEFORE_REAPPLYING,
        ),
        (person(), role(wait=5), Standing(removed_at=NOW - minutes(5)), None),
        # What the person has to mend first is named first.
        (person(), role(ial=2), Standing(holds=True), Reason.NEEDS_PROOFING),
        (
            person(),
            role(),
            Standing(holds=True, open_tracking_number="1", excluded_by="x"),
            Reason.ALREADY_HELD,
        ),
    ],
)
def test_may_request(user: Any, wanted: Any, standing: Any, reason: Any) -> None:
    assert policies.may_request(user, wanted, standing, now=NOW).reason == reason


@pytest.mark.parametrize(
    ("access_request", "standing", "revision", "reason"),
    [
        (ask(), Standing(), 3, None),
        (ask(), Standing(), None, None),
        (ask(requester=2), Standing(), 3, Reason.NOT_YOURS),
        (ask(), Standing(), 2, Reason.CHANGED_MEANWHILE),
        (ask(role=None), Standing(), 3, Reason.INCOMPLETE),
        (ask(reason=""), Standing(), 3, Reason.INCOMPLETE),
        (ask(), Standing(lacks_answers=True), 3, Reason.INCOMPLETE),
        (ask(typed={"reason": "He"}), Standing(), 3, Reason.UNCONFIRMED),
        (ask(typed={"reason": "He"}), Standing(lacks_answers=True), 3, Reason.INCOMPLETE),
        (ask(typed={"reason": "He"}), Standing(holds=True), 3, Reason.UNCONFIRMED),
        (ask(), Standing(holds=True), 3, Reason.ALREADY_HELD),
        (ask(role=role(wait=5)), Standing(removed_at=NOW - minutes(5)), 3, None),
        (
            ask(role=role(wait=5)),
            Standing(removed_at=NOW - minutes(4)),
            3,
            Reason.WAIT_BEFORE_REAPPLYING,
        ),
    ],
)
def test_may_submit(access_request: Any, standing: Any, revision: Any, reason: Any) -> None:
    verdict = policies.may_submit(person(), access_request, standing, revision=revision, now=NOW)
    assert verdict.reason == reason


DECIDES = Standing(decides=True)


@pytest.mark.parametrize(
    ("approver", "access_request", "standing", "revision", "reason"),
    [
        (person(2), ask(), DECIDES, 3, None),
        (person(2), ask(), DECIDES, None, None),
        (person(1), ask(), DECIDES, 3, Reason.SELF_DECISION),
        (person(1), ask(status=Status.APPROVED), DECIDES, 3, Reason.SELF_DECISION),
        (person(2), ask(), Standing(), 3, Reason.NOT_YOUR_QUEUE),
        (person(2), ask(status=Status.DENIED), Standing(), 3, Reason.NOT_YOUR_QUEUE),
        (person(2, is_active=False), ask(), DECIDES, 3, Reason.NOT_YOUR_QUEUE),
        (person(2, strength=Strength.WEAK), ask(), DECIDES, 3, Reason.NEEDS_MFA),
        (person(2, strength=Strength.NONE), ask(), DECIDES, 3, Reason.NEEDS_MFA),
        (person(2, strength=Strength.NONE), ask(), Standing(), 3, Reason.NOT_YOUR_QUEUE),
        (person(2), ask(status=Status.APPROVED), DECIDES, 3, Reason.ALREADY_DECIDED),
        (person(2), ask(status=Status.DENIED), DECIDES, 3, Reason.ALREADY_DECIDED),
        (person(2), ask(status=Status.RETURNED), DECIDES, 3, Reason.NOT_WAITING),
        (person(2), ask(status=Status.WITHDRAWN), DECIDES, 3, Reason.NOT_WAITING),
        (person(2), ask(status=Status.EXPIRED), DECIDES, 3, Reason.NOT_WAITING),
        (person(2), ask(status=Status.DRAFT), DECIDES, 3, Reason.NOT_WAITING),
        (person(2), ask(), DECIDES, 2, Reason.CHANGED_MEANWHILE),
        (person(2, rights={policies.REVOKE}), ask(), Standing(), 3, Reason.NOT_YOUR_QUEUE),
    ],
)
def test_may_decide(
    approver: Any, access_request: Any, standing: Any, revision: Any, reason: Any
) -> None:
    verdict = policies.may_decide(approver, access_request, standing, revision=revision)
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("requester", "wanted", "standing", "reason"),
    [
        (person(), role(), Standing(), None),
        (person(is_active=False), role(), Standing(), Reason.REQUESTER_INACTIVE),
        (person(), role(is_active=False), Standing(), Reason.ROLE_NOT_OFFERED),
        (person(), role(listed=False), Standing(), Reason.ROLE_NOT_OFFERED),
        (person(), role(ial=2), Standing(), Reason.NEEDS_PROOFING),
        (person(ial=2), role(ial=2), Standing(), None),
        (person(), role(), Standing(holds=True), Reason.ALREADY_HELD),
        (person(), role(), Standing(excluded_by="Helpdesk"), Reason.EXCLUDED_BY_ROLE),
    ],
)
def test_may_approve(requester: Any, wanted: Any, standing: Any, reason: Any) -> None:
    assert policies.may_approve(requester, wanted, standing).reason == reason


@pytest.mark.parametrize(
    ("status", "withdraw", "answer"),
    [
        (Status.DRAFT, Reason.NOT_WAITING, Reason.NOT_WAITING),
        (Status.PENDING, None, Reason.NOT_WAITING),
        (Status.RETURNED, None, None),
        (Status.APPROVED, Reason.ALREADY_DECIDED, Reason.NOT_WAITING),
        (Status.DENIED, Reason.ALREADY_DECIDED, Reason.NOT_WAITING),
        (Status.WITHDRAWN, Reason.NOT_WAITING, Reason.NOT_WAITING),
        (Status.EXPIRED, Reason.NOT_WAITING, Reason.NOT_WAITING),
    ],
)
def test_what_a_requester_may_do_with_the_own_request(
    status: Any, withdraw: Any, answer: Any
) -> None:
    mine = ask(status=status)
    assert policies.may_withdraw(person(), mine).reason == withdraw
    assert policies.may_answer(person(), mine).reason == answer


def test_a_request_of_somebody_else_is_left_alone() -> None:
    assert policies.may_withdraw(person(2), ask()).reason == Reason.NOT_YOURS
    assert policies.may_answer(person(2), ask(status=Status.RETURNED)).reason == Reason.NOT_YOURS


def grant(*, holder: Any = 1, ended_at: Any = None) -> Any:
    return SimpleNamespace(person_id=holder, ended_at=ended_at)


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (grant(), None),
        (grant(ended_at=NOW), Reason.ALREADY_ENDED),
        (grant(holder=2), Reason.NOT_YOURS),
    ],
)
def test_may_remove(held: Any, reason: Any) -> None:
    assert policies.may_remove(person(), held).reason == reason


@pytest.mark.parametrize(
    ("actor", "held", "reason"),
    [
        (person(2, rights={policies.REVOKE}), grant(), None),
        (person(2), grant(), Reason.NO_RIGHT),
        (person(2, rights={policies.REVOKE}, is_active=False), grant(), Reason.NO_RIGHT),
        (person(2, rights={policies.REVOKE}, strength=Strength.WEAK), grant(), Reason.NEEDS_MFA),
        (person(1, rights={policies.REVOKE}), grant(), Reason.OWN_ACCESS),
        (person(2, rights={policies.REVOKE}), grant(ended_at=NOW), Reason.ALREADY_ENDED),
    ],
)
def test_may_revoke(actor: Any, held: Any, reason: Any) -> None:
    assert policies.may_revoke(actor, held).reason == reason


def test_every_reason_says_what_to_do_in_whole_sentences() -> None:
    for reason in Reason:
        assert str(reason.label).endswith((".", "!")), reason
        assert len(str(reason.label)) > 30, reason
