"""Recoveries that wait a day, and those a help desk starts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import clock
from accounts.models import AccountEvent, Disavowal, PasswordHistory, PasswordReset, User
from accounts.reasons import Reason
from accounts.services import disavowal, recovery_start
from accounts.tasks import clean_up, mail_waited_recoveries
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.accounts import PASSWORD
from tests.factories.challenge import give_answers
from tests.integration.accounts.recovery_pages import NEW, Recovering, link, newest

pytestmark = pytest.mark.django_db


def has_password(user: User, password: str) -> bool:
    """Whether this is the password now."""
    return User.objects.get(pk=user.pk).check_password(password)


@pytest.fixture
def proofed() -> User:
    """Somebody with a proven identity and no device."""
    user = give_answers(cast.proofed(cast.assister()))
    PasswordHistory.objects.create(user=user, hash=user.password)
    return user


def a_day_later(monkeypatch: pytest.MonkeyPatch, **more: float) -> None:
    """Move the portal's clock."""
    moment = clock.now() + timedelta(days=1, **more)
    monkeypatch.setattr(clock, "now", lambda: moment)


def mails(name: str) -> int:
    """How many mails of a kind were written."""
    return OutboxMessage.objects.filter(name=name).count()


@pytest.mark.parametrize("who", ["proofed", "staff", "passkey"])
def test_sensitive_people_without_a_device_wait_a_day(
    who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = give_answers(
        {"proofed": lambda: cast.proofed(cast.assister()), "staff": cast.administrator}.get(
            who, cast.stranger
        )()
    )
    if who == "passkey":
        User.objects.filter(pk=user.pk).update(has_mfa=True, has_strong_factor=True)
        user.refresh_from_db()
    visitor = Recovering()
    visitor.ask(user.user_id)
    visitor.open(link())

    page = visitor.answer(user).content.decode()

    assert "One day to wait" in page
    assert newest().status == PasswordReset.Status.WAITING
    assert mails("account_reset_waits") == 1
    assert mail_waited_recoveries() == 0
    assert "This link has expired" in visitor.set().content.decode()


def test_after_the_day_a_second_link_needs_no_more_proof(
    proofed: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Recovering()
    visitor.ask(proofed.user_id)
    first = link()
    visitor.open(first)
    visitor.answer(proofed)
    a_day_later(monkeypatch)

    assert mail_waited_recoveries() == 1
    assert mail_waited_recoveries() == 0
    assert visitor.open(first).status_code == 410
    later = Recovering()
    assert "The day of waiting is over" in later.open(link()).content.decode()
    assert has_password(proofed, PASSWORD)
    later.prove()
    later.set()

    assert has_password(proofed, NEW)
    assert AuditEntry.objects.get(tag="password:reset").reason == "waited"


def test_a_missed_night_is_caught_up(proofed: User, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Recovering()
    visitor.ask(proofed.user_id)
    visitor.open(link())
    visitor.answer(proofed)
    a_day_later(monkeypatch, hours=20)

    assert mail_waited_recoveries() == 1
    assert visitor.open(link()).status_code == 200


@pytest.mark.parametrize("what", ["not me", "changed", "suspended"])
def test_the_wait_ends_when_the_account_changes_or_its_owner_says_stop(
    proofed: User, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Recovering()
    visitor.ask(proofed.user_id)
    visitor.open(link())
    visitor.answer(proofed)
    if what == "not me":
        row = Disavowal.objects.filter(event=AccountEvent.RECOVERY_STARTED).latest("pk")
        disavowal.disown(disavowal_id=row.pk, address="")
    elif what == "changed":
        User.objects.filter(pk=proofed.pk).update(security_version=9)
    else:
        User.objects.filter(pk=proofed.pk).update(is_active=False, deactivated_at=clock.now())
    a_day_later(monkeypatch)
    before = mails("account_reset_link")
    mail_waited_recoveries()

    assert newest().status == PasswordReset.Status.OVER
    assert mails("account_reset_link") == before


def test_a_new_try_begins_the_day_anew(proofed: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        visitor = Recovering()
        visitor.ask(proofed.user_id)
        visitor.open(link())
        visitor.answer(proofed)

    assert PasswordReset.objects.filter(status="waiting").count() == 1
    a_day_later(monkeypatch)
    assert mail_waited_recoveries() == 1


def test_without_questions_everybody_without_a_device_waits(settings: Any) -> None:
    settings.CHALLENGE_QUESTIONS_ENABLED = False
    user = cast.assister()
    recovery_start.start(user_id=user.user_id, answers={}, address="198.51.100.7")
    visitor = Recovering()
    visitor.open(link())
    assert newest().status == PasswordReset.Status.MAILED

    assert "One day to wait" in visitor.prove().content.decode()
    assert newest().status == PasswordReset.Status.WAITING


def _by_desk(user: User, **more: Any) -> Any:
    try:
        return recovery_start.start_by_help_desk(
            user_id=user.pk, actor=cast.portal_help_desk(), reason="Ticket 4711", **more
        )
    except Refusal as refusal:
        return refusal.reason


def test_a_help_desk_sends_the_link_and_the_second_proof_stays() -> None:
    user = give_answers(cast.assister())
    app = devices.app(user)
    reset = _by_desk(user)

    assert reset.origin == PasswordReset.Origin.HELP_DESK
    mail = OutboxMessage.objects.get(name="account_reset_link")
    assert "Nobody there sees this link" in mail.body_text
    assert mail.to == user.email
    visitor = Recovering()
    visitor.open(link())
    visitor.prove(device_type="app_phone", security_code=devices.code_of(app))
    visitor.set()
    assert has_password(user, NEW)
    entry = AuditEntry.objects.get(tag="recovery:start")
    assert (entry.reason, entry.actor_label) == ("Ticket 4711", "helpdesk.portal")


def test_who_lost_the_device_waits_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.assister()
    devices.app(user)
    _by_desk(user, lost_factor=True)

    assert mails("account_reset_link") == 0
    assert mails("account_reset_waits") == 1
    a_day_later(monkeypatch)
    mail_waited_recoveries()
    visitor = Recovering()
    visitor.open(link())
    visitor.prove()
    visitor.set()
    assert has_password(user, NEW)


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"is_active": False, "frozen_at": datetime.now().astimezone()}]
)
def test_a_help_desk_recovers_no_shut_account(state: dict[str, Any]) -> None:
    assert _by_desk(cast.assister(**state)) == Reason.NOT_ALLOWED
    assert not OutboxMessage.objects.exists()


def test_an_agent_recovers_no_account_of_their_own_and_says_why() -> None:
    agent, user = cast.portal_help_desk(), cast.assister()

    for target, reason, refusal in (
        (agent, "x", Reason.OWN_ACCOUNT),
        (user, "  ", Reason.REASON_MISSING),
    ):
        with pytest.raises(Refusal, match=refusal):
            recovery_start.start_by_help_desk(user_id=target.pk, actor=agent, reason=reason)


def test_what_nobody_finished_is_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    user = give_answers(cast.assister())
    visitor = Recovering()
    visitor.ask(user.user_id)
    visitor.open(link())
    visitor.answer(user)
    a_day_later(monkeypatch)
    clean_up()

    reset = newest()
    assert (reset.status, reset.browser_hash) == (PasswordReset.Status.OVER, "")
