"""The policies about accounts as decision tables, without a database."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

import clock
from accounts import policies
from accounts.assurance import Strength
from accounts.models import ProofingCase
from accounts.reasons import Reason

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
RIGHTS = frozenset({"accounts.change_user"})
Document = ProofingCase.Document


def person(
    pk: Any = 1,
    *,
    active: bool = True,
    staff: bool = False,
    root: bool = False,
    rights: Any = frozenset(),
    ial: int = 1,
) -> Any:
    return SimpleNamespace(
        pk=pk,
        is_active=active,
        is_staff=staff,
        is_superuser=root,
        has_perm=lambda right: right in rights,
        ial=ial,
    )


ADMIN = person(9, staff=True, rights=RIGHTS)
ROOT = person(8, staff=True, root=True, rights=RIGHTS)
GONE_ROOT = person(7, active=False, staff=True, root=True, rights=RIGHTS)


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (ADMIN, None),
        (person(staff=True), Reason.NOT_ALLOWED),
        (person(rights=RIGHTS), Reason.NOT_ALLOWED),
        (person(staff=True, rights={"accounts.view_user"}), Reason.NOT_ALLOWED),
        (person(active=False, staff=True, rights=RIGHTS), Reason.NOT_ALLOWED),
    ],
)
def test_who_manages_accounts(user: Any, reason: Any) -> None:
    assert policies.may_manage_accounts(user).reason == reason


@pytest.mark.parametrize(
    ("actor", "user", "reason"),
    [
        (ADMIN, person(), None),
        (ADMIN, ADMIN, Reason.OWN_ACCOUNT),
        (ROOT, ROOT, Reason.OWN_ACCOUNT),
        (ADMIN, person(2, staff=True), Reason.HIGHER_ACCOUNT),
        (ADMIN, person(2, root=True), Reason.HIGHER_ACCOUNT),
        (ROOT, person(2, staff=True), None),
        (ROOT, person(2, root=True), None),
        (person(3), person(), Reason.NOT_ALLOWED),
        (GONE_ROOT, person(), Reason.NOT_ALLOWED),
    ],
)
def test_who_changes_an_account(actor: Any, user: Any, reason: Any) -> None:
    assert policies.may_change_account(actor, user).reason == reason


@pytest.mark.parametrize(
    ("actor", "user", "reason"),
    [
        (ROOT, person(), None),
        (ROOT, ADMIN, None),
        (ROOT, ROOT, Reason.OWN_ACCOUNT),
        (ADMIN, person(), Reason.NOT_ALLOWED),
        (ADMIN, ADMIN, Reason.NOT_ALLOWED),
        (GONE_ROOT, person(), Reason.NOT_ALLOWED),
    ],
)
def test_who_changes_rights(actor: Any, user: Any, reason: Any) -> None:
    assert policies.may_change_rights(actor, user).reason == reason


LIMIT = settings.PROOFING_FAIL_LIMIT


@pytest.mark.parametrize(
    ("user", "is_offered", "is_under_way", "fails", "reason"),
    [
        (person(), True, False, 0, None),
        (person(), True, False, LIMIT - 1, None),
        (person(), True, False, LIMIT, Reason.PROOFING_LOCKED),
        (person(), True, False, LIMIT + 1, Reason.PROOFING_LOCKED),
        (person(), True, True, 0, Reason.PROOFING_UNDER_WAY),
        (person(), False, False, 0, Reason.PROOFING_OFFLINE),
        (person(ial=2), True, False, 0, Reason.PROOFED_ALREADY),
        (person(active=False), True, False, 0, Reason.NOT_ALLOWED),
        # What the person can do least about is named first.
        (person(active=False, ial=2), False, True, LIMIT, Reason.NOT_ALLOWED),
        (person(ial=2), False, True, LIMIT, Reason.PROOFED_ALREADY),
        (person(), False, True, LIMIT, Reason.PROOFING_OFFLINE),
        (person(), True, True, LIMIT, Reason.PROOFING_LOCKED),
    ],
)
def test_who_is_proven_online(
    user: Any, is_offered: bool, is_under_way: bool, fails: int, reason: Any
) -> None:
    verdict = policies.may_prove_online(
        user, is_offered=is_offered, is_under_way=is_under_way, fails=fails
    )
    assert verdict.reason == reason


AGE = settings.KNOWN_DEVICE_AGE


@pytest.mark.parametrize(
    ("strength", "confirmed_at", "allowed"),
    [
        (Strength.STRONG, NOW - AGE - SECOND, True),
        (Strength.STRONG, NOW - AGE, True),
        (Strength.STRONG, NOW - AGE + SECOND, False),
        (Strength.STRONG, None, False),
        (Strength.WEAK, NOW - AGE - SECOND, False),
        (Strength.NONE, NOW - AGE - SECOND, False),
    ],
)
def test_which_device_stands_in_for_forgotten_answers(
    strength: Any, confirmed_at: Any, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    device = SimpleNamespace(confirmed_at=confirmed_at)
    session: Any = SimpleNamespace(strength=strength, device=device)

    verdict = policies.may_replace_unknown_answers(session)

    assert verdict.allowed is allowed
    assert verdict.reason == (None if allowed else Reason.STRONG_FACTOR_NEEDED)


def test_a_session_whose_device_is_gone_replaces_no_answers() -> None:
    session: Any = SimpleNamespace(strength=Strength.STRONG, device=None)
    assert policies.may_replace_unknown_answers(session).reason == Reason.STRONG_FACTOR_NEEDED


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (person(), None),
        (person(ial=2), Reason.PROOFED_ALREADY),
        (person(active=False), Reason.NOT_ALLOWED),
        (person(active=False, ial=2), Reason.NOT_ALLOWED),
    ],
)
def test_who_opens_a_case(user: Any, reason: Any) -> None:
    assert policies.may_open_case(user).reason == reason


@pytest.mark.parametrize(
    ("agent", "judged", "reason"),
    [
        (person(2), person(), None),
        (person(2), person(2), Reason.OWN_ACCOUNT),
        (person(2, active=False), person(), Reason.NOT_ALLOWED),
        (person(2), person(staff=True), Reason.HIGHER_ACCOUNT),
        (person(2), person(root=True), Reason.HIGHER_ACCOUNT),
        (ROOT, person(staff=True), None),
        (ROOT, person(root=True), None),
        (ROOT, ROOT, Reason.OWN_ACCOUNT),
        (GONE_ROOT, person(), Reason.NOT_ALLOWED),
    ],
)
def test_who_judges_an_identity(agent: Any, judged: Any, reason: Any) -> None:
    assert policies.may_judge_identity(agent, judged).reason == reason


@pytest.mark.parametrize(
    ("kinds", "enough"),
    [
        ([Document.PASSPORT, Document.UTILITY_BILL], True),
        ([Document.PASSPORT, Document.DRIVERS_LICENSE], True),
        ([Document.PASSPORT], False),
        ([Document.PASSPORT, Document.PASSPORT], False),
        ([Document.UTILITY_BILL, Document.LEASE], False),
        ([Document.UTILITY_BILL, Document.LEASE, Document.PASSPORT], True),
        ([], False),
    ],
)
def test_which_documents_are_enough(kinds: Any, enough: bool) -> None:
    assert policies.are_enough_documents(kinds) is enough
