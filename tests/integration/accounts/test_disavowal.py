"""This was not me: the link in a mail, the page behind it, and what it sets going."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import AccountEvent, Disavowal, PasswordReset, SecurityCase, User
from accounts.reasons import Reason
from accounts.services import accounts, disavowal, sign_in
from accounts.tasks import clean_up
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from notifications import links
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def avery() -> User:
    """Somebody whose account was changed."""
    return cast.assister()


def give_link(user: User, event: AccountEvent = AccountEvent.DEVICE_ADDED, email: str = "") -> str:
    """The path of a link as it is in a delivered mail."""
    with transaction.atomic():
        disavowal.link(user, event, email=email)
    row = Disavowal.objects.latest("pk")
    return reverse("accounts:disavow_link", args=[links.token(disavowal.PURPOSE, row.pk)])


def try_to_sign_in(user: User) -> Any:
    """The reason why not, or the session opened."""
    browser = sign_in.Browser("198.51.100.7", "", "", "", clock.now())
    try:
        return sign_in.sign_in(user_id=user.user_id, password=PASSWORD, browser=browser)
    except Refusal as refusal:
        return refusal.reason


def test_the_mail_carries_a_marker_and_the_delivered_one_a_link(avery: User) -> None:
    from notifications.outbox import Mail, enqueue

    placeholder = disavowal.link(avery, AccountEvent.DEVICE_ADDED)
    enqueue([Mail("account_questions_closed", avery.email, {"until": clock.now()})])
    mail = OutboxMessage.objects.get()
    text = links.resolve(links.bind(placeholder, mail.message_id), mail.message_id)

    assert links.read(disavowal.PURPOSE, text, 60) == Disavowal.objects.get().pk


def test_opening_the_link_changes_nothing(avery: User) -> None:
    signed_in = cast.client_of(avery)
    scanner, path = Client(), give_link(avery)

    for _ in range(3):
        page = scanner.get(path, follow=True)
        assert page.status_code == 200
        scanner.head(path)

    avery.refresh_from_db()
    assert avery.is_active
    assert avery.frozen_at is None
    assert signed_in.get(reverse("accounts:profile")).status_code == 200
    assert not SecurityCase.objects.exists()
    assert "An MFA device was added" in page.content.decode()
    assert path not in page.content.decode()


def test_the_button_ends_sessions_freezes_and_opens_a_case(avery: User) -> None:
    signed_in, visitor = cast.client_of(avery), Client()
    visitor.get(give_link(avery), follow=True)

    done = visitor.post(reverse("accounts:disavow"), follow=True)

    avery.refresh_from_db()
    case = SecurityCase.objects.get()
    assert case.reference in done.content.decode()
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", case.reference)
    assert (case.user, case.event) == (avery, "device_added")
    assert avery.frozen_at is not None
    assert not avery.is_active
    assert not avery.has_usable_password()
    assert signed_in.get(reverse("accounts:profile")).status_code == 302
    assert try_to_sign_in(avery) == Reason.NOT_SIGNED_IN
    assert AuditEntry.objects.filter(tag="account:freeze").count() == 1
    assert OutboxMessage.objects.filter(name="account_frozen", to=avery.email).count() == 1


def test_a_person_signed_in_with_that_browser_is_signed_out_and_sees_the_reference(
    avery: User,
) -> None:
    client = cast.client_of(avery)
    client.get(give_link(avery))

    done = client.post(reverse("accounts:disavow"), follow=True)

    assert SecurityCase.objects.get().reference in done.content.decode()
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_all_addresses_of_the_last_ten_days_are_told(avery: User) -> None:
    path = give_link(avery, AccountEvent.EMAIL_CHANGED, email="old@people.example")
    User.objects.filter(pk=avery.pk).update(email="new@people.example")
    visitor = Client()
    visitor.get(path)
    visitor.post(reverse("accounts:disavow"))

    told = set(OutboxMessage.objects.filter(name="account_frozen").values_list("to", flat=True))
    assert told == {"old@people.example", "new@people.example"}


def test_a_link_works_once(avery: User) -> None:
    path, first, second = give_link(avery), Client(), Client()
    first.get(path)
    second.get(path)
    first.post(reverse("accounts:disavow"))

    assert second.post(reverse("accounts:disavow")).status_code == 410
    assert first.get(path, follow=True).status_code == 410
    assert SecurityCase.objects.count() == 1


def test_two_links_lead_to_one_case(avery: User) -> None:
    for _ in range(2):
        visitor = Client()
        visitor.get(give_link(avery))
        visitor.post(reverse("accounts:disavow"))

    case = SecurityCase.objects.get()
    assert case.disavowals.count() == 2
    assert AuditEntry.objects.filter(tag="account:freeze").count() == 2


def test_the_link_of_a_changed_address_is_good_for_ten_days(avery: User, moving: Any) -> None:
    path = give_link(avery, AccountEvent.EMAIL_CHANGED, email="old@people.example")
    visitor = Client()
    moving.shift(timedelta(days=10) - timedelta(seconds=1))
    assert visitor.get(path, follow=True).status_code == 200
    moving.shift(timedelta(seconds=1))

    assert Client().get(path, follow=True).status_code == 410
    assert visitor.post(reverse("accounts:disavow")).status_code == 410
    avery.refresh_from_db()
    assert avery.is_active


@pytest.mark.parametrize("token", ["nonsense", "MTI:1abc:xyz"])
def test_made_up_links_are_dead(token: str) -> None:
    assert Client().get(reverse("accounts:disavow_link", args=[token])).status_code == 410


def test_without_a_link_the_page_offers_nothing(avery: User) -> None:
    assert Client().post(reverse("accounts:disavow")).status_code == 410
    assert Client().get(reverse("accounts:disavowed")).status_code == 302
    assert cast.client_of(avery).post(reverse("accounts:disavow")).status_code == 410
    avery.refresh_from_db()
    assert avery.is_active


def test_a_recovery_under_way_dies_with_the_freeze(avery: User) -> None:
    now = clock.now()
    PasswordReset.objects.create(
        user=avery,
        security_version=avery.security_version,
        email_key=avery.email_key,
        requested_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    visitor = Client()
    visitor.get(give_link(avery))
    visitor.post(reverse("accounts:disavow"))

    assert PasswordReset.objects.get().status == PasswordReset.Status.OVER


def _frozen(user: User) -> SecurityCase:
    disavowal.link(user, AccountEvent.SIGNED_IN)
    return disavowal.disown(disavowal_id=Disavowal.objects.latest("pk").pk, address="")


def test_a_returned_account_needs_a_new_password(avery: User) -> None:
    case, agent = _frozen(avery), cast.portal_help_desk()

    disavowal.close_case(
        case_id=case.pk,
        actor=agent,
        resolution=SecurityCase.Resolution.RETURNED,
        note="Called back, documents seen.",
    )

    avery.refresh_from_db()
    case.refresh_from_db()
    assert avery.is_active
    assert case.closed_by == agent
    assert try_to_sign_in(avery) == Reason.NOT_SIGNED_IN
    mail = OutboxMessage.objects.get(name="account_case_closed")
    assert "given the account assister.avery back" in mail.body_text
    assert AuditEntry.objects.filter(tag="security_case:close", actor_id=agent.pk).count() == 1


def test_a_case_may_leave_the_account_shut(avery: User) -> None:
    case = _frozen(avery)
    disavowal.close_case(
        case_id=case.pk,
        actor=cast.portal_help_desk(),
        resolution=SecurityCase.Resolution.CLOSED,
        note="Person has left.",
    )

    avery.refresh_from_db()
    assert not avery.is_active
    assert "stays shut" in OutboxMessage.objects.get(name="account_case_closed").body_text


def test_a_case_is_closed_once_with_a_note_and_by_somebody_else(avery: User) -> None:
    case, agent = _frozen(avery), cast.portal_help_desk()

    def close(actor: User, note: str = "Called back.") -> str:
        try:
            disavowal.close_case(
                case_id=case.pk,
                actor=actor,
                resolution=SecurityCase.Resolution.FALSE_ALARM,
                note=note,
            )
        except Refusal as refusal:
            return refusal.reason
        return ""

    assert close(avery) == Reason.OWN_ACCOUNT
    assert close(agent, note="  ") == Reason.REASON_MISSING
    assert close(agent) == ""
    assert close(agent) == Reason.CASE_CLOSED


def test_giving_back_does_not_lift_a_closing_by_an_administrator(avery: User) -> None:
    case, admin = _frozen(avery), cast.superuser()
    accounts.deactivate(user_id=avery.pk, actor=admin, reason="left the company")
    disavowal.close_case(
        case_id=case.pk,
        actor=cast.portal_help_desk(),
        resolution=SecurityCase.Resolution.RETURNED,
        note="Called back.",
    )

    avery.refresh_from_db()
    assert not avery.is_active
    accounts.reactivate(user_id=avery.pk, actor=admin, reason="came back")
    avery.refresh_from_db()
    assert avery.is_active


def test_an_administrator_does_not_thaw_a_frozen_account(avery: User) -> None:
    _frozen(avery)
    with pytest.raises(Refusal, match="already_so"):
        accounts.reactivate(user_id=avery.pk, actor=cast.superuser(), reason="asked by phone")

    avery.refresh_from_db()
    assert not avery.is_active


def test_the_mail_about_a_frozen_account_names_the_case(avery: User) -> None:
    case = _frozen(avery)
    mail = OutboxMessage.objects.get(name="account_frozen")

    assert case.reference in mail.body_text
    assert case.reference in mail.body_html


def test_rights_nobody_used_are_deleted_when_they_are_long_over(avery: User) -> None:
    for days in (18, 16, 1):
        give_link(avery)
        Disavowal.objects.filter(pk=Disavowal.objects.latest("pk").pk).update(
            created_at=clock.now() - timedelta(days=days)
        )
    _frozen(avery)
    clean_up()

    assert Disavowal.objects.count() == 3
    assert Disavowal.objects.exclude(used_at=None).count() == 1
