"""Unable To Access Security Code?, and Register MFA Device: no road around the second factor."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import half
from accounts.assurance import Strength
from accounts.models import PortalSession, SecurityCode, User
from accounts.services import codes
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import accounts
from tests.factories.challenge import ANSWERS, give_answers
from tests.integration.accounts.mfa_pages import add_app

pytestmark = pytest.mark.django_db

WRONG = dict.fromkeys(ANSWERS, "Something else")


@pytest.fixture
def user() -> User:
    return give_answers(accounts.accept_rules(cast.assister()))


@pytest.fixture
def owner(user: User) -> User:
    """The same person with an authenticator app."""
    add_app(cast.client_of(user))
    user.refresh_from_db()
    return user


def ask(client: Client, user_id: str, answers: dict[str, str] | None = None) -> Any:
    """Name oneself and answer the questions in the order in which they are shown."""
    client.post(reverse("accounts:unable"), {"user_id": user_id})
    address = reverse("accounts:unable_questions")
    shown = list(client.get(address).context["form"].questions)
    given = ANSWERS if answers is None else answers
    return client.post(
        address,
        {
            f"answer_{number}": given.get(question.code, "nothing at all")
            for number, question in enumerate(shown, start=1)
        },
        follow=True,
    )


def _text(page: Any) -> str:
    text = re.sub(r'(nonce|value)="[^"]+"', "", page.content.decode())
    return re.sub(r"<strong>[^<]*</strong>", "", text)


def _one_time_codes(user: User) -> int:
    return SecurityCode.objects.filter(user=user, kind="one_time").count()


def _sign_in(user: User, code: str) -> Client:
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    client.post(
        reverse("accounts:password"),
        {"password": accounts.PASSWORD, "device_type": "one_time", "security_code": code},
    )
    return client


def test_right_answers_mail_a_code_that_completes_the_sign_in_once(owner: User) -> None:
    page = ask(Client(), owner.user_id.upper())

    assert "A One-Time Security Code is on its way" in page.content.decode()
    mail = OutboxMessage.objects.get(name="one_time_security_code")
    assert mail.to == owner.email
    code = codes.readable(SecurityCode.objects.get(user=owner, kind="one_time"))
    assert code not in mail.body_text

    assert _sign_in(owner, code).get(reverse("accounts:profile")).status_code == 200
    assert PortalSession.objects.filter(user=owner).latest("id").strength == Strength.WEAK
    assert _sign_in(owner, code).get(reverse("accounts:profile")).status_code == 302


def test_the_answers_alone_open_nothing(owner: User) -> None:
    client = Client()

    ask(client, owner.user_id)

    assert client.get(reverse("accounts:profile")).status_code == 302
    assert not half.is_there(client.session)
    assert not PortalSession.objects.filter(user=owner, ended_at=None, strength=1).exists()


def test_wrong_answers_say_the_same_to_everybody(owner: User) -> None:
    cast.stranger(is_active=False)
    known = _text(ask(Client(), owner.user_id, WRONG))

    assert "answer" in known
    for user_id in ("nobody.at.all", "stranger.sam"):
        questions = [r"Question", r"<label.*?</label>"]
        other = _text(ask(Client(), user_id, WRONG))
        for part in questions:
            known = re.sub(part, "", known, flags=re.DOTALL)
            other = re.sub(part, "", other, flags=re.DOTALL)
        assert re.sub(r"href=\"#id_answer_\d\">[^<]*", "", other) == re.sub(
            r"href=\"#id_answer_\d\">[^<]*", "", known
        )
    assert _one_time_codes(owner) == 0


def test_the_third_wrong_try_closes_the_questions_but_not_the_sign_in(owner: User) -> None:
    for _try in range(3):
        ask(Client(), owner.user_id, WRONG)

    ask(Client(), owner.user_id)

    assert _one_time_codes(owner) == 0


def test_who_has_no_device_gets_no_code_and_the_same_page(user: User) -> None:
    page = ask(Client(), user.user_id)

    assert "A One-Time Security Code is on its way" in page.content.decode()
    assert "If you never registered an MFA device, there is no code" in page.content.decode()
    assert _one_time_codes(user) == 0


def test_five_codes_an_hour_are_the_most(owner: User) -> None:
    for _time in range(7):
        ask(Client(), owner.user_id)

    assert _one_time_codes(owner) == 5
    newest_only = SecurityCode.objects.filter(user=owner, kind="one_time", replaced_at=None)
    assert newest_only.count() == 1


def test_without_questions_everybody_sees_the_same_and_only_the_owner_gets_a_code(
    owner: User, settings: Any
) -> None:
    settings.CHALLENGE_QUESTIONS_ENABLED = False
    address = reverse("accounts:unable")

    known = Client().post(address, {"user_id": owner.user_id}, follow=True)
    unknown = Client().post(address, {"user_id": "nobody.at.all"}, follow=True)

    assert _text(known) == _text(unknown)
    assert _one_time_codes(owner) == 1
    assert Client().get(reverse("accounts:unable_questions"))["Location"] == address


def test_the_questions_come_after_the_user_id() -> None:
    answer = Client().get(reverse("accounts:unable_questions"))

    assert answer["Location"] == reverse("accounts:unable")


@pytest.mark.parametrize("name", ["unable", "register_device"])
def test_both_links_leave_a_sign_in_that_was_begun(owner: User, name: str) -> None:
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": owner.user_id})
    client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})
    assert half.is_there(client.session)

    page = client.get(reverse(f"accounts:{name}"), follow=True)

    assert page.status_code == 200
    assert not half.is_there(client.session)


def test_register_device_asks_for_a_whole_sign_in_and_the_questions(user: User) -> None:
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:register_device"), follow=True)
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    answer = client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})
    register = reverse("accounts:mfa_register")
    assert answer["Location"] == register

    shown = list(client.get(register).context["form"].questions)
    wrong = {f"answer_{number}": "no" for number in (1, 2, 3)}
    assert client.post(register, wrong).status_code == 200
    right = {
        f"answer_{number}": ANSWERS[question.code] for number, question in enumerate(shown, start=1)
    }
    assert client.post(register, right)["Location"] == reverse("accounts:mfa_add")


def test_who_has_a_device_needs_it_on_the_way_to_another(owner: User) -> None:
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:register_device"), follow=True)
    client.post(reverse("accounts:login"), {"user_id": owner.user_id})
    client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})

    for name in ("mfa_register", "mfa_add", "mfa_devices"):
        assert client.get(reverse(f"accounts:{name}"))["Location"] == reverse("accounts:password")
