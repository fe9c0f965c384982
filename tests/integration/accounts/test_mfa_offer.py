"""A second factor is offered once, to people without one."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import MFADevice, PortalSession
from accounts.services import devices, mfa_offer
from audit.models import AuditEntry
from tests import cast
from tests.factories import accounts
from tests.integration.accounts.mfa_pages import add_app, begin, code_of_app, secret_on

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("choice", [mfa_offer.ADD, mfa_offer.SKIP])
def test_whatever_is_answered_nobody_is_asked_again(choice: str) -> None:
    user = cast.assister()
    assert mfa_offer.due(user)

    mfa_offer.answer(user_id=user.pk, choice=choice)
    mfa_offer.answer(user_id=user.pk, choice=mfa_offer.ADD)

    user.refresh_from_db()
    assert not mfa_offer.due(user)
    entry = AuditEntry.objects.get(tag="account:mfa_offer")
    assert (entry.reason, entry.target_id) == (choice, str(user.pk))


def test_who_has_a_device_is_never_asked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = accounts.user(has_mfa=True)

    with django_assert_num_queries(0):
        assert not mfa_offer.due(user)
    mfa_offer.answer(user_id=user.pk, choice=mfa_offer.SKIP)

    user.refresh_from_db()
    assert user.mfa_offered_at is None
    assert not AuditEntry.objects.filter(tag="account:mfa_offer").exists()


NEXT = "/catalog/zone/request/"


def test_the_page_offers_three_ways() -> None:
    client = cast.client_of(cast.assister())

    page = client.get(reverse("accounts:mfa_offer"), {"next": NEXT}).content.decode()

    for label in ("Add MFA", "Skip MFA", "Cancel"):
        assert f">{label}</button>" in page


def test_skipping_goes_on_where_the_request_was() -> None:
    user = cast.assister()
    client = cast.client_of(user)

    answer = client.post(reverse("accounts:mfa_offer"), {"next": NEXT, "answer": "skip"})

    assert answer["Location"] == NEXT
    again = client.get(reverse("accounts:mfa_offer"), {"next": NEXT})
    assert again["Location"] == NEXT


def test_adding_leads_to_a_device_and_then_back() -> None:
    client = cast.client_of(cast.assister())
    answer = client.post(reverse("accounts:mfa_offer"), {"next": NEXT, "answer": "add"})
    assert answer["Location"] == reverse("accounts:mfa_add")

    page = begin(client, "app_phone")
    confirmed = client.post(
        page.redirect_chain[-1][0], {"code": code_of_app(secret_on(page)), "name": "Red phone"}
    )

    assert confirmed["Location"] == NEXT


SECOND = "Add a second device soon"


def test_a_second_device_is_suggested_where_the_request_goes_on() -> None:
    client = cast.client_of(cast.assister())
    client.post(reverse("accounts:mfa_offer"), {"next": "/access/", "answer": "add"})
    page = begin(client, "app_phone")

    confirmed = client.post(
        page.redirect_chain[-1][0],
        {"code": code_of_app(secret_on(page)), "name": "<b>Red</b> phone"},
        follow=True,
    ).content.decode()

    assert SECOND in confirmed
    link = f'<a class="usa-link" href="{reverse("accounts:mfa_add")}">Add Device</a>'
    assert link in confirmed
    assert SECOND not in client.get("/access/").content.decode()


def test_with_two_devices_none_is_suggested() -> None:
    user = cast.assister()
    client = cast.client_of(user)
    client.post(reverse("accounts:mfa_offer"), {"next": "/access/", "answer": "add"})
    # In another window meanwhile.
    mailbox = devices.add(user=user, kind=MFADevice.Kind.EMAIL)
    here = PortalSession.objects.get(user=user)
    devices.take_into_use(user=user, device_id=mailbox.pk, session=here)
    page = begin(client, "app_phone")

    confirmed = client.post(
        page.redirect_chain[-1][0],
        {"code": code_of_app(secret_on(page)), "name": "Red phone"},
        follow=True,
    )

    assert confirmed.redirect_chain[-1][0] == "/access/"
    assert SECOND not in confirmed.content.decode()


def test_the_list_suggests_it_by_itself_and_once() -> None:
    client = cast.client_of(cast.assister())
    add_app(client)

    page = client.get(reverse("accounts:mfa_devices")).content.decode()

    assert "Add a second device" in page
    assert SECOND not in page


def test_cancelling_answers_nothing() -> None:
    user = cast.assister()
    client = cast.client_of(user)

    answer = client.post(reverse("accounts:mfa_offer"), {"next": NEXT, "answer": "cancel"})

    assert answer["Location"] == reverse("access_requests:welcome")
    user.refresh_from_db()
    assert mfa_offer.due(user)


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example", "/\\evil"])
def test_no_other_site_is_ever_next(evil: str) -> None:
    client = cast.client_of(cast.assister())

    answer = client.post(reverse("accounts:mfa_offer"), {"next": evil, "answer": "skip"})

    assert answer["Location"] == reverse("access_requests:welcome")
