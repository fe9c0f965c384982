"""Wherever a page is told where to go on, the way stays within the portal."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import PortalSession, User
from tests import cast
from tests.factories import accounts, devices
from tests.integration.accounts import mfa_pages
from tests.integration.accounts.second_step import post
from tests.integration.hostile.tricks import NEXT_PAGES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize(
        "evil",
        [*NEXT_PAGES, "/@evil.example//..//evil.example\\", "/\tevil", "/%5c%5cevil.example"],
    ),
]


@pytest.fixture
def person() -> User:
    """Somebody who has accepted the rules."""
    return accounts.accept_rules(cast.assister())


def leads_home(answer: Any) -> bool:
    """Whether an answer leads to where people go who wanted no page."""
    return bool(answer["Location"] == reverse("access_requests:welcome"))


def begin(client: Client, person: User, evil: str) -> None:
    """Come to the second step, asking for a page at each one."""
    client.get(f"/login/?next={quote(evil)}")
    client.post("/terms/", {"decision": "accept", "next": evil})
    client.post(f"/login/?next={quote(evil)}", {"user_id": person.user_id, "next": evil})


def test_after_password_and_code(person: User, evil: str) -> None:
    app = devices.app(person)
    client = Client()
    begin(client, person, evil)
    half = post(client, password=accounts.PASSWORD, next=evil)
    assert half["Location"] == reverse("accounts:password")

    whole = post(client, device_type="app_phone", security_code=devices.code_of(app), next=evil)

    assert leads_home(whole)


def test_after_the_time_ran_out(person: User, evil: str) -> None:
    client = cast.client_of(person)
    PortalSession.objects.update(ended_at=None, created_at="2020-01-01T00:00Z")
    page = f"/profile/?next={quote(evil)}"
    over = client.get(page)
    assert urlsplit(over["Location"]).path == reverse("accounts:login")
    assert parse_qs(urlsplit(over["Location"]).query)["next"] == [page]
    begin(client, person, evil)

    assert leads_home(post(client, password=accounts.PASSWORD))


def test_a_path_that_looks_like_another_site(person: User, evil: str) -> None:
    client = Client()
    answer = client.get("/", PATH_INFO=f"/{evil}")

    assert answer.status_code in {301, 302, 400, 404, 405}
    target = answer.headers.get("Location", "/")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


def test_after_a_device_was_set_up(person: User, evil: str) -> None:
    client = cast.client_of(person)
    client.get(f"{reverse('accounts:mfa_offer')}?next={quote(evil)}")
    client.post(reverse("accounts:mfa_offer"), {"answer": "add", "next": evil})
    begun = mfa_pages.begin(client, "app_phone", next=evil)
    address = f"{begun.redirect_chain[-1][0]}?next={quote(evil)}"
    code = mfa_pages.code_of_app(mfa_pages.secret_on(begun))

    answer = client.post(address, {"code": code, "name": "Red phone", "next": evil})

    assert answer["Location"] in {
        reverse("access_requests:welcome"),
        reverse("accounts:mfa_devices"),
    }
    assert person.mfa_devices.filter(confirmed=True).count() == 1


def test_after_logging_out(person: User, evil: str) -> None:
    client = cast.client_of(person)

    answer = client.post(f"{reverse('accounts:logout')}?next={quote(evil)}", {"next": evil})

    assert answer["Location"] == reverse("portal:home")
    assert not PortalSession.objects.filter(ended_at=None).exists()
