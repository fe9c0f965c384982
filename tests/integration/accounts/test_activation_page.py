"""The link in the mail: once, newest only, 24 hours, and never by a scanner."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import (
    ChallengeAnswer,
    PasswordHistory,
    Registration,
    TermsAcceptance,
    User,
)
from accounts.services import registration as registrations
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.conftest import (
    CREDENTIALS,
    Registering,
    link_for,
    link_of,
    newest_mail,
)

pytestmark = pytest.mark.django_db

ACTIVATION = "accounts:activation"


def follow(client: Client, path: str) -> Any:
    """Open a link as a browser does."""
    return client.get(path, follow=True)


def test_the_same_browser_activates_at_once(registering: Registering) -> None:
    registering.whole()

    response = follow(registering.client, link_of(newest_mail("account_activation")))

    assert response.request["PATH_INFO"] == reverse("accounts:activated")
    user = User.objects.get()
    assert user.user_id == "rowan.ashford"
    assert user.email == "rowan@people.example"
    assert user.check_password(CREDENTIALS["password"])
    assert user.get_full_name() == "Rowan Ashford Jr."
    assert user.is_active
    assert not user.is_staff
    assert ChallengeAnswer.objects.filter(user=user).count() == 3
    assert PasswordHistory.objects.get(user=user).hash == user.password
    assert set(TermsAcceptance.objects.values_list("document", flat=True)) == {
        "terms",
        "rules_of_behavior",
    }
    assert AuditEntry.objects.filter(tag="account:activate").count() == 1
    assert OutboxMessage.objects.get(name="account_activated").recipient == user


def test_the_new_person_can_sign_in(registering: Registering) -> None:
    registering.whole()
    client = registering.client
    follow(client, link_of(newest_mail("account_activation")))
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": "Rowan.Ashford"})

    response = client.post(reverse("accounts:password"), {"password": CREDENTIALS["password"]})

    assert response.status_code == 302
    assert "Rowan" in client.get(reverse("accounts:profile")).content.decode()


def test_another_browser_is_asked_first_so_a_scanner_changes_nothing(
    registering: Registering,
) -> None:
    registering.whole()
    path = link_of(newest_mail("account_activation"))

    for _ in range(3):
        page = follow(Client(), path)
        assert "Activate My Account" in page.content.decode()
        assert Client().head(path).status_code == 302
    assert not User.objects.exists()

    other = Client()
    follow(other, path)
    response = other.post(reverse(ACTIVATION), {"password": CREDENTIALS["password"]}, follow=True)

    assert "Your account is active" in response.content.decode()
    assert User.objects.count() == 1


def test_a_mailbox_owner_cannot_open_what_somebody_else_typed(registering: Registering) -> None:
    registering.whole(user_id="trap.account")
    owner = Client()

    page = follow(owner, link_of(newest_mail("account_activation"))).content.decode()
    pressed = owner.post(reverse(ACTIVATION))
    guessed = owner.post(reverse(ACTIVATION), {"password": "Not-What-They-Chose-12"})

    assert "trap.account" in page
    assert "If this was not you" in page
    assert "Rowan" not in page
    assert "Enter the password you chose" in pressed.content.decode()
    assert "We could not activate the account" in guessed.content.decode()
    assert not User.objects.exists()
    refused = AuditEntry.objects.get(tag="registration:activate_failed")
    assert (refused.outcome, refused.reason) == ("refused", "failed")


def test_passwords_tried_on_one_link_are_counted_whatever_the_browser(
    registering: Registering, moving: Any
) -> None:
    registering.whole()
    path = link_of(newest_mail("account_activation"))
    for _ in range(5):
        wrong = Client()
        follow(wrong, path)
        shown = wrong.post(reverse(ACTIVATION), {"password": "Not-What-They-Chose-12"})
    other = Client()
    follow(other, path)
    right = {"password": CREDENTIALS["password"]}

    closed = other.post(reverse(ACTIVATION), right)
    assert "We could not activate the account" in closed.content.decode()
    assert closed.status_code == shown.status_code == 200
    assert not User.objects.exists()
    moving.shift(timedelta(hours=1, seconds=1))
    assert other.post(reverse(ACTIVATION), right).status_code == 302
    assert User.objects.count() == 1


def test_a_strangers_registration_leaves_the_first_one_its_link(registering: Registering) -> None:
    registering.whole()
    own = link_of(newest_mail("account_activation"))
    Registering().whole(
        email="ROWAN@people.example",
        user_id="trap.account",
        password="Stranger-Chose-This-77",
        confirm_password="Stranger-Chose-This-77",
    )
    trap = link_of(newest_mail("account_activation"))

    opened = follow(registering.client, own)
    late = follow(Client(), trap)

    assert opened.request["PATH_INFO"] == reverse("accounts:activated")
    assert User.objects.get().user_id == "rowan.ashford"
    assert late.status_code == 410
    assert "exists already" in late.content.decode()
    dropped = Registration.objects.get(status="superseded")
    assert (dropped.password, dropped.answers, dropped.last_name) == ("", {}, "")


def test_two_that_wait_for_one_address_with_one_user_id_become_one_account(
    registering: Registering,
) -> None:
    other = Registering()
    registering.whole()
    first = link_of(newest_mail("account_activation"))
    other.whole()
    second = link_of(newest_mail("account_activation"))

    assert follow(other.client, second).status_code == 200
    assert follow(registering.client, first).status_code == 410
    assert User.objects.count() == 1


def test_sending_again_renews_the_registration_of_this_browser_only(
    registering: Registering,
) -> None:
    registering.whole()
    Registering().whole(user_id="somebody.else")

    registering.client.post(reverse("accounts:register_confirmation"))

    links = Registration.objects.order_by("id").values_list("user_id", "link_number")
    assert list(links) == [("rowan.ashford", 2), ("somebody.else", 1)]
    assert "rowan.ashford" in newest_mail("account_activation").body_text


def test_another_browser_is_asked_for_a_free_user_id_and_the_password() -> None:
    cast.assister()
    Registering().whole(user_id="assister.avery")
    other = Client()
    follow(other, link_of(newest_mail("account_activation")))

    lacking = other.post(reverse(ACTIVATION), {"user_id": "assister.rowan"})
    assert "Enter the password you chose" in lacking.content.decode()
    other.post(
        reverse(ACTIVATION),
        {"user_id": "assister.rowan", "password": CREDENTIALS["password"]},
    )

    assert User.objects.get(user_id="assister.rowan").email == "rowan@people.example"


def test_the_mail_ends_the_sentence_about_its_time_once(registering: Registering) -> None:
    registering.whole()

    mail = newest_mail("account_activation")
    for body in (mail.body_text, mail.body_html):
        assert re.search(r"The link works once, until .* E[SD]T\. If you did not", body)
        assert ".." not in body


def test_the_token_leaves_the_address(registering: Registering) -> None:
    registering.whole()

    response = Client().get(link_of(newest_mail("account_activation")))

    assert response["Location"] == reverse(ACTIVATION)


def test_no_token_is_readable_in_the_database(registering: Registering) -> None:
    registering.whole()
    mail = newest_mail("account_activation")
    token = link_of(mail).rstrip("/").rpartition("/")[2]

    assert token.partition(":")[2] not in mail.body_text + mail.body_html
    assert token not in str([session.session_data for session in Session.objects.all()])


def test_a_link_works_once(registering: Registering) -> None:
    registering.whole()
    path = link_of(newest_mail("account_activation"))
    follow(registering.client, path)

    again = follow(Client(), path)

    assert "Your account is active" in again.content.decode()
    assert User.objects.count() == 1
    assert AuditEntry.objects.filter(tag="account:activate").count() == 1


def test_only_the_newest_link_works(registering: Registering) -> None:
    registering.whole()
    old = link_of(newest_mail("account_activation"))
    registering.client.post(reverse("accounts:register_confirmation"))
    new = link_of(newest_mail("account_activation"))

    assert follow(registering.client, old).status_code == 410
    assert not User.objects.exists()
    assert follow(registering.client, new).status_code == 200
    assert User.objects.count() == 1


def test_a_link_lasts_24_hours() -> None:
    with time_machine.travel("2026-03-02 12:00:00+00:00", tick=False) as traveller:
        early, late = Registering(), Registering()
        early.whole(email="early@people.example", user_id="early.bird")
        early_path = link_of(newest_mail("account_activation"))
        late.whole(email="late@people.example", user_id="late.riser")
        late_path = link_of(newest_mail("account_activation"))
        traveller.shift(timedelta(hours=23, minutes=59, seconds=59))
        assert follow(early.client, early_path).status_code == 200
        traveller.shift(timedelta(seconds=1))
        response = follow(late.client, late_path)

    assert response.status_code == 410
    assert "does not work any more" in response.content.decode()
    assert reverse("accounts:register") in response.content.decode()
    assert [user.user_id for user in User.objects.all()] == ["early.bird"]


@pytest.mark.parametrize("token", ["x", "a:b:c", "eyJ9", "%00", "~~link.x:y~~"])
def test_a_forged_token_is_an_old_link(token: str) -> None:
    response = Client().get(f"/register/activate/{token}/")

    assert response.status_code in {400, 410}
    assert not User.objects.exists()


def test_a_link_without_registration_is_an_old_link() -> None:
    assert follow(Client(), link_for(999_999, 1)).status_code == 410
    assert Client().post(reverse(ACTIVATION)).status_code == 410


def test_a_taken_user_id_is_replaced_on_the_mails_page() -> None:
    cast.assister()
    visitor = Registering()
    visitor.whole(user_id="assister.avery")

    page = follow(visitor.client, link_of(newest_mail("account_activation")))
    assert "Choose another User ID" in page.content.decode()
    assert User.objects.count() == 1
    wrong = visitor.client.post(reverse(ACTIVATION), {"user_id": "abc"})
    assert "Use 6 to 74 characters." in wrong.content.decode()
    taken = visitor.client.post(reverse(ACTIVATION), {"user_id": "ASSISTER.avery"})
    assert "belongs to somebody else" in taken.content.decode()
    done = visitor.client.post(reverse(ACTIVATION), {"user_id": "assister.rowan"}, follow=True)

    assert "Your account is active" in done.content.decode()
    assert User.objects.get(user_id="assister.rowan").email == "rowan@people.example"


def test_a_user_id_taken_meanwhile_is_replaced_too() -> None:
    first, second = Registering(), Registering()
    first.whole(email="first@people.example", user_id="wanted.name")
    first_path = link_of(newest_mail("account_activation"))
    second.whole(email="second@people.example", user_id="wanted.name")
    second_path = link_of(newest_mail("account_activation"))
    follow(first.client, first_path)

    page = follow(second.client, second_path)

    assert "Choose another User ID" in page.content.decode()
    assert User.objects.get().email == "first@people.example"


def test_an_address_that_has_an_account_by_now_gets_no_second_one(
    registering: Registering,
) -> None:
    registering.whole()
    cast.assister(email="ROWAN@people.example")

    response = follow(registering.client, link_of(newest_mail("account_activation")))

    assert response.status_code == 410
    assert "exists already" in response.content.decode()
    assert User.objects.count() == 1


def test_activation_wipes_the_registration(registering: Registering) -> None:
    registering.whole()
    follow(registering.client, link_of(newest_mail("account_activation")))

    registration = Registration.objects.get()
    assert registration.status == Registration.Status.ACTIVATED
    assert registration.password == ""
    assert registration.answers == {}
    assert registration.last_name == registration.phone == registration.address_line_1 == ""


def test_what_is_over_is_deleted_and_the_rest_kept(registering: Registering) -> None:
    registering.whole()
    activated = Registering()
    activated.whole(email="done@people.example", user_id="done.person")
    follow(activated.client, link_of(newest_mail("account_activation")))

    assert registrations.delete_over() == 0
    with time_machine.travel(clock.now() + timedelta(days=2, seconds=5)):
        assert registrations.delete_over() == 1
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert registrations.delete_over() == 1
        assert registrations.delete_over() == 0
    assert User.objects.count() == 1
