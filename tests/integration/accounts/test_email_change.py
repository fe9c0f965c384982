"""A new e-mail address: confirmed by itself, announced to the old, by a link that works once."""

from datetime import timedelta

import pytest
import time_machine

from accounts.emails import ACTIVATION
from accounts.models import Disavowal, EmailChange, User
from accounts.reasons import Reason
from accounts.services import accounts, disavowal, email_change
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications import links
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.profiles import (
    CONFIRM,
    NEW,
    OLD,
    answered,
    ask_for,
    asked,
    follow,
    fresh,
    link_for,
    link_in,
    somebody,
)

pytestmark = pytest.mark.django_db


def test_both_addresses_get_their_mail_and_only_the_new_one_the_link() -> None:
    user = somebody()
    ask_for(answered(user), NEW)

    to_new = OutboxMessage.objects.get(name="email_change_confirm")
    to_old = OutboxMessage.objects.get(name="email_change_asked")
    assert (to_new.to, to_old.to) == (NEW, OLD)
    assert "n****@people.example" in to_old.body_text
    assert NEW not in to_old.body_text
    assert Disavowal.objects.get().email == OLD
    for mail in (to_new, to_old):
        assert NEW not in mail.subject
        assert link_in(to_new).split("/")[-2] not in mail.body_text + mail.body_html
    entry = AuditEntry.objects.get(tag="email:ask_change")
    assert (entry.before, entry.after) == ({"email": OLD}, {"email": NEW})


def test_looking_at_the_link_changes_nothing_and_the_button_does() -> None:
    user = somebody()
    client, status = follow(asked(user))
    assert status == 200
    assert fresh(user).email == OLD

    answer = client.post(CONFIRM)

    assert answer["Location"] == "/profile/email/confirmed/"
    assert (fresh(user).email, fresh(user).email_key) == (NEW, NEW)
    assert EmailChange.objects.get().status == EmailChange.Status.CONFIRMED
    mails = OutboxMessage.objects.filter(name="email_changed")
    assert {mail.to for mail in mails} == {OLD, NEW}
    assert set(Disavowal.objects.values_list("email", flat=True)) == {OLD, NEW}
    assert AuditEntry.objects.filter(tag="email:change", actor=user).count() == 1


def test_somebody_signed_in_comes_back_to_the_profile() -> None:
    user = somebody()
    client = cast.client_of(user)
    follow(asked(user), client)

    page = client.post(CONFIRM, follow=True)

    assert page.redirect_chain[-1][0] == "/profile/"
    assert "new@people.example is your e-mail address now." in page.content.decode()


def test_open_sessions_stay_and_older_links_die() -> None:
    user = somebody()
    client = cast.client_of(user)
    version = fresh(user).security_version
    mine, _status = follow(asked(user))
    mine.post(CONFIRM)

    assert fresh(user).security_version == version + 1
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("again", ["same browser", "another browser"])
def test_a_link_works_once(again: str) -> None:
    user = somebody()
    path = asked(user)
    client, _status = follow(path)
    client.post(CONFIRM)

    client, status = follow(path, client if again == "same browser" else None)

    assert status == 410
    assert client.post(CONFIRM).status_code == 410
    assert AuditEntry.objects.filter(tag="email:change").count() == 1


def test_only_the_newest_link_works() -> None:
    user = somebody()
    older, newer = asked(user, "first@people.example"), asked(user, "second@people.example")

    assert follow(older)[1] == 410
    client, status = follow(newer)
    client.post(CONFIRM)

    assert status == 200
    assert fresh(user).email == "second@people.example"
    assert EmailChange.objects.filter(status="superseded").count() == 1


def test_a_link_ends_after_a_day() -> None:
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as traveller:
        user = somebody()
        path = asked(user)
        client, _status = follow(path)
        traveller.shift(timedelta(hours=24, seconds=1))

        assert follow(path)[1] == 410
        assert client.post(CONFIRM).status_code == 410
        assert fresh(user).email == OLD


def test_a_link_of_before_another_change_of_the_account_is_dead() -> None:
    user = somebody()
    path = asked(user)
    User.objects.filter(pk=user.pk).update(security_version=user.security_version + 1)

    assert follow(path)[1] == 410


def test_a_closed_account_keeps_its_address() -> None:
    user = somebody()
    client, _status = follow(asked(user))
    accounts.deactivate(user_id=user.pk, actor=cast.superuser(), reason="Left")

    assert client.post(CONFIRM).status_code == 410
    assert fresh(user).email == OLD


@pytest.mark.parametrize("token", ["x", "a:b:c", "0"])
def test_made_up_links_are_over(token: str) -> None:
    assert follow(f"{CONFIRM}{token}/")[1] == 410


@pytest.mark.parametrize("change_id", [0, 10**6])
def test_links_to_no_wish_are_over(change_id: int) -> None:
    assert follow(link_for(change_id))[1] == 410


def test_the_link_of_one_purpose_opens_no_other() -> None:
    somebody()
    token = links.token(ACTIVATION, 1)

    assert follow(f"{CONFIRM}{token}/")[1] == 410


def test_an_address_of_another_account_gets_a_notice_and_the_page_says_the_same() -> None:
    owner = cast.stranger(email="sam@people.example")
    user = somebody()
    client = answered(user)

    taken = ask_for(client, "sam@people.example")
    free = ask_for(client, NEW)

    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    mail = OutboxMessage.objects.get(name="email_change_taken")
    assert mail.recipient_id == owner.pk
    assert user.user_id not in mail.body_text
    assert OutboxMessage.objects.filter(name="email_change_confirm").count() == 1


def test_an_address_taken_in_the_meantime_is_refused() -> None:
    user = somebody()
    client, _status = follow(asked(user))
    cast.stranger(email=NEW)

    page = client.post(CONFIRM)

    assert page.status_code == 410
    assert "exists already" in page.content.decode()
    assert fresh(user).email == OLD
    assert EmailChange.objects.get().status == EmailChange.Status.PENDING


def test_a_wish_can_be_let_go() -> None:
    user = somebody()
    path = asked(user)
    client = cast.client_of(user)

    page = client.post("/profile/email/cancel/", follow=True).content.decode()

    assert "Your e-mail address stays as it is." in page
    assert "A new e-mail address waits" not in page
    assert follow(path)[1] == 410
    assert AuditEntry.objects.filter(tag="email:cancel_change").count() == 1
    client.post("/profile/email/cancel/")
    assert AuditEntry.objects.filter(tag="email:cancel_change").count() == 1


def test_nobody_cancels_for_somebody_else() -> None:
    user = somebody()
    path = asked(user)
    cast.client_of(cast.stranger()).post("/profile/email/cancel/")

    assert follow(path)[1] == 200


def test_this_was_not_me_kills_the_link() -> None:
    user = somebody()
    client, _status = follow(asked(user))
    disavowal.disown(disavowal_id=Disavowal.objects.get().pk, address="127.0.0.1")

    assert client.post(CONFIRM).status_code == 410
    assert fresh(user).email == OLD


def test_an_agent_asks_for_somebody_and_is_named() -> None:
    user, agent = somebody(), cast.portal_help_desk()

    email_change.ask(user=user, email=NEW, actor=agent)

    assert AuditEntry.objects.get(tag="email:ask_change").actor == agent
    assert EmailChange.objects.get().asked_by == agent
    assert fresh(user).email == OLD


def test_a_person_has_a_few_wishes_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_change, "CHANGES_PER_HOUR", 2)
    user = somebody()
    for number in range(2):
        asked(user, f"n{number}@people.example")

    with pytest.raises(Refusal) as refused:
        asked(user, "n9@people.example")

    assert refused.value.reason == Reason.TOO_MANY_EMAIL_CHANGES


def test_the_present_address_is_no_wish() -> None:
    user = somebody()
    with pytest.raises(Refusal) as refused:
        email_change.ask(user=user, email=OLD, actor=user)

    assert refused.value.reason == Reason.ALREADY_SO
