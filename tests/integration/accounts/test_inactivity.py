"""Accounts nobody uses: the notices, the day they expire, and nights in which nothing ran."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import clock
from accounts.models import InactivityNotice, PortalSession, User
from accounts.services import inactivity, sessions, sign_in
from accounts.tasks import sweep_inactivity
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def idle_for(days: float, **fields: Any) -> User:
    """Somebody who signed in for the last time some days ago."""
    long_ago = clock.now() - timedelta(days=400)
    return accounts.user(
        created_at=long_ago,
        last_sign_in_at=clock.now() - timedelta(days=days),
        password_changed_at=long_ago,
        **fields,
    )


def sweep(days: float = 0) -> tuple[int, int]:
    """The sweep of a night some days from now."""
    return inactivity.sweep(as_of=clock.now() + timedelta(days=days))


def mails(name: str) -> list[str]:
    """Who was written to, in order."""
    return list(OutboxMessage.objects.filter(name=name).order_by("pk").values_list("to", flat=True))


def expired_at(user: User) -> datetime | None:
    """When the account expired."""
    user.refresh_from_db()
    return user.expired_at


def test_notices_come_14_7_and_1_days_before_and_then_the_end() -> None:
    user = idle_for(45)
    seen = []
    for night in range(1, 20):
        noticed, shut = sweep(night)
        seen += [("notice", night)] * noticed + [("end", night)] * shut

    assert seen == [("notice", 1), ("notice", 8), ("notice", 14), ("end", 15)]
    user.refresh_from_db()
    assert not user.is_active
    assert not user.is_suspended
    assert mails("account_expires_soon") == [user.email] * 3
    assert mails("account_expired") == [user.email]
    assert AuditEntry.objects.filter(tag="account:expire", target_id=str(user.pk)).count() == 1


def test_running_twice_changes_nothing() -> None:
    idle_for(59.5)
    for _ in range(3):
        sweep()
    sweep(1)
    sweep(1)

    assert len(mails("account_expires_soon")) == 1
    assert len(mails("account_expired")) == 1
    assert InactivityNotice.objects.count() == 3


def test_after_missed_nights_one_notice_goes_out_and_a_day_passes_first() -> None:
    user = idle_for(90)

    assert sweep() == (1, 0)
    assert expired_at(user) is None
    mail = OutboxMessage.objects.get(name="account_expires_soon")
    tomorrow = clock.now().astimezone() + DAY
    assert tomorrow.strftime("%Y") in mail.body_text
    assert sweep(0.5) == (0, 0)
    assert sweep(1) == (0, 1)


@pytest.mark.parametrize("used", ["last_sign_in_at", "password_changed_at", "created_at"])
def test_what_counts_as_use(used: str) -> None:
    long_ago = clock.now() - timedelta(days=100)
    values: dict[str, Any] = {
        "created_at": long_ago,
        "last_sign_in_at": None if used == "created_at" else long_ago,
        "password_changed_at": None,
        used: clock.now() - timedelta(days=10),
    }
    accounts.user(**values)

    assert sweep() == (0, 0)


def test_signing_in_begins_anew_and_announces_anew() -> None:
    user = idle_for(59.5)
    sweep()
    User.objects.filter(pk=user.pk).update(last_sign_in_at=clock.now())

    assert sweep(10) == (0, 0)
    assert sweep(47) == (1, 0)
    assert len(mails("account_expires_soon")) == 2


def test_people_who_are_shut_already_are_left_alone() -> None:
    idle_for(90, is_active=False)
    idle_for(90, is_active=False, frozen_at=clock.now())

    assert sweep() == (0, 0)
    assert sweep(2) == (0, 0)


def test_who_has_expired_cannot_sign_in_and_open_sessions_end() -> None:
    user = idle_for(90)
    client = cast.client_of(user)
    sweep()
    sweep(1)

    browser = sign_in.Browser("198.51.100.7", "", "", "", clock.now())
    with pytest.raises(Refusal, match="not_signed_in"):
        sign_in.sign_in(user_id=user.user_id, password=PASSWORD, browser=browser)
    assert client.get("/profile/").status_code == 302
    assert not PortalSession.objects.filter(ended_at=None).exists()
    assert sessions.resume(token="x", user_pk=user.pk).session is None


def test_a_crowd_is_worked_off_in_batches(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(inactivity, "BATCH", 4)
    for _ in range(9):
        idle_for(90)
    idle_for(3)

    assert sweep() == (9, 0)
    assert sweep(1) == (0, 9)
    monkeypatch.setattr(inactivity, "BATCH", 500)
    for _ in range(30):
        idle_for(90)
    with django_assert_max_num_queries(24):
        assert sweep() == (30, 0)
    assert len(set(mails("account_expired"))) == 9


def test_the_limits_are_settings(settings: Any) -> None:
    settings.INACTIVITY_LIMIT = timedelta(days=30)
    settings.INACTIVITY_NOTICE_DAYS = (3,)
    user = idle_for(28)

    assert sweep() == (1, 0)
    assert sweep(3) == (0, 1)
    assert expired_at(user) is not None


def test_the_task_sweeps() -> None:
    idle_for(90)

    assert sweep_inactivity() == 1
