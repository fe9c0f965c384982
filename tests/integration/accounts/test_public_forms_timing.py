"""How long the public forms take tells nothing about who has an account, whatever the mail does.

The questions of Forgot Password are in ``test_recovery_timing.py``, the password in
``test_sign_in_timing.py``.
"""

import itertools
import smtplib
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from accounts.data.questions import QUESTIONS
from accounts.models import PasswordReset, Registration, User
from accounts.services import sign_in, throttle
from notifications.models import OutboxMessage
from notifications.services import delivery
from tests import cast
from tests.factories.challenge import give_answers
from tests.integration.accounts.conftest import Registering
from tests.integration.accounts.neutral import Visible, measure, visible

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.proof,
    pytest.mark.timeout(900),
]
UNKNOWN = "nobody.here"
_PLENTY = 1_000_000


class SlowServer(BaseEmailBackend):
    """A mail server that takes 250 ms and then hangs up."""

    asked = 0
    takes = 0.25

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        SlowServer.asked += 1
        time.sleep(SlowServer.takes)
        raise smtplib.SMTPServerDisconnected


@pytest.fixture(autouse=True)
def _real_costs(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher of the running portal, the slow mail server, and no limits."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    monkeypatch.setattr(SlowServer, "asked", 0)
    for limit in (
        "recovery.REQUESTS_PER_ADDRESS",
        "recovery.MAILS_PER_PERSON",
        "recovery_start.REQUESTS_PER_ADDRESS",
        "recovery_start.MAILS_PER_PERSON",
        "registration.SUBMISSIONS_PER_HOUR",
        "registration.MAILS_PER_HOUR",
        "registration.NOTICES_PER_DAY",
    ):
        monkeypatch.setattr(f"accounts.services.{limit}", _PLENTY)


@pytest.fixture
def people() -> dict[str, str]:
    """User IDs by what is the matter with them."""
    locked = give_answers(cast.end_user())
    bucket = sign_in.account_bucket(locked.user_id, None)
    for _ in range(bucket.limit + 1):
        throttle.reserve([bucket])
    return {
        "known": give_answers(cast.assister()).user_id,
        "locked": locked.user_id,
        "shut": give_answers(cast.stranger(is_active=False)).user_id,
        "unknown": UNKNOWN,
    }


def _compare(
    kinds: dict[str, str],
    ask: Callable[[str], Visible],
    before: Callable[[str], object] = str,
) -> None:
    """Every kind gets the same answer in the same time, and nobody waits for the mail server.

    What is done ``before`` a question is not measured.
    """
    seen: list[Visible] = []

    def seconds(typed: str) -> float:
        before(typed)
        started = time.perf_counter()
        answer = ask(typed)
        elapsed = time.perf_counter() - started
        seen.append(answer)
        return elapsed

    found = measure(kinds, seconds, encoded=make_password("Lantern-Quay-2026"))

    assert found.spread < found.allowed, found.told
    assert seen[0].status == 200
    assert seen == seen[:1] * len(seen)
    assert SlowServer.asked == 0


def _mail_fails() -> None:
    """Let the sender run into the server with what waits for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SlowServer, "takes", 0)
        assert delivery.drain() == 0
    assert SlowServer.asked > 0
    assert OutboxMessage.objects.exclude(last_error="").exists()


def _forgot_password(user_id: str) -> Visible:
    answer = Client().post(reverse("accounts:forgot_password"), {"user_id": user_id}, follow=True)
    return visible(answer, user_id, *(str(words) for _code, words in QUESTIONS))


def test_whose_password_is_forgotten(people: dict[str, str]) -> None:
    _compare(people, _forgot_password)


def test_whose_password_is_forgotten_where_no_questions_are_asked(
    people: dict[str, str], settings: Any
) -> None:
    settings.CHALLENGE_QUESTIONS_ENABLED = False

    _compare(people, _forgot_password)

    mailed = PasswordReset.objects.values_list("user__user_id", flat=True)
    assert set(mailed) == {people["known"], people["locked"]}
    answers = [_forgot_password(user_id) for user_id in people.values()]
    _mail_fails()
    assert [_forgot_password(user_id) for user_id in people.values()] == answers


def test_who_forgot_the_user_id(people: dict[str, str]) -> None:
    kinds = {kind: f"{user_id}@people.example" for kind, user_id in people.items()}
    for kind, email in kinds.items():
        User.objects.filter(user_id=people[kind]).update(
            email=email, email_key=email, last_name="Ashford"
        )

    def ask(email: str) -> Visible:
        data = {"email": email, "last_name": "Ashford"}
        return visible(Client().post(reverse("accounts:forgot_user_id"), data, follow=True), email)

    _compare(kinds, ask)

    mailed = set(OutboxMessage.objects.values_list("to", flat=True))
    assert mailed == {kinds["known"], kinds["locked"]}
    answers = [ask(email) for email in kinds.values()]
    _mail_fails()
    assert [ask(email) for email in kinds.values()] == answers


class Applying:
    """One after the other registers, each in a browser of their own, up to the last step."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.numbers = itertools.count(1)

    def begin(self, kind: str) -> None:
        """Fill in everything before the last step."""
        number = next(self.numbers)
        self.email = self.owner.email if kind == "taken address" else f"p{number}@people.example"
        self.user_id = self.owner.user_id if kind == "taken User ID" else f"person.p{number}"
        self.visitor = Registering()
        self.visitor.terms()
        self.visitor.information(email=self.email, confirm_email=self.email)

    def finish(self) -> Visible:
        """Send the last step, and follow to the page that it leads to."""
        self.visitor.credentials(user_id=self.user_id)
        page = self.visitor.client.get(reverse("accounts:register_confirmation"))
        return visible(page, self.email)

    def ask_again(self) -> Visible:
        """Press the button that sends the mail once more."""
        address = reverse("accounts:register_confirmation")
        return visible(self.visitor.client.post(address, follow=True), self.email)


KINDS = {kind: kind for kind in ("free", "taken address", "taken User ID")}


@pytest.fixture
def applying() -> Applying:
    """Somebody who has an account, and others who register."""
    return Applying(cast.assister(email="owner@people.example"))


def test_who_registers_what_others_have(applying: Applying) -> None:
    _compare(KINDS, lambda _kind: applying.finish(), before=applying.begin)

    names = OutboxMessage.objects.values_list("name", flat=True)
    assert set(names) == {"account_activation", "account_email_taken", "account_user_id_taken"}
    assert not Registration.objects.filter(email_key=applying.owner.email_key).exists()
    assert User.objects.count() == 1


def test_who_asks_for_the_mail_of_a_registration_again(applying: Applying, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    answers = []
    for kind in KINDS:
        applying.begin(kind)
        applying.finish()
        answers.append(applying.ask_again())
    _mail_fails()
    answers.append(applying.ask_again())

    assert answers == answers[:1] * 4
