"""A session that is over, for a browser that runs no scripts: nothing is taken, now or later."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import EmailChange, PortalSession, User
from audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, accept_rules
from tests.integration.accounts.profiles import CHANGE, NEW, answered, ask_for, somebody

pytestmark = pytest.mark.django_db
IN_TIME = timedelta(minutes=29, seconds=59)


@pytest.fixture
def avery(settings: Any) -> User:
    """Somebody who is not asked for the answers again within half an hour."""
    settings.CHALLENGE_PASS_LIFETIME = timedelta(hours=1)
    return accept_rules(somebody())


def test_a_form_sent_after_logging_out_in_another_window_says_so(avery: User) -> None:
    client = answered(avery)
    client.post(reverse("accounts:logout"))
    client.get(reverse("portal:home"))

    late = ask_for(client, NEW)

    terms = client.get(late["Location"], follow=True).content.decode()
    assert "logged out in another window" in terms
    assert "What you just sent was not saved" in terms
    assert not EmailChange.objects.exists()
    assert "another window" not in client.get(reverse("accounts:terms")).content.decode()


def test_a_page_asked_for_without_a_session_needs_no_explanation() -> None:
    shown = Client().get(CHANGE, follow=True).content.decode()

    assert "another window" not in shown


def test_a_form_sent_without_cookies_leads_to_the_login() -> None:
    response = Client(enforce_csrf_checks=True).post(CHANGE, {"email": NEW})

    assert response.status_code == 403
    assert f'href="{reverse("accounts:terms")}"' in response.content.decode()
    assert "What you sent was not saved." in response.content.decode()


@pytest.mark.parametrize("idle", [IN_TIME, timedelta(minutes=30)])
def test_a_form_sent_too_late_is_not_taken_nor_sent_again(
    avery: User, moving: Any, idle: timedelta
) -> None:
    client = answered(avery)
    moving.shift(idle)
    # Nor for the password: what ends here is the session alone.
    PortalSession.objects.update(verified_at=clock.now())

    late = ask_for(client, NEW)

    assert EmailChange.objects.exists() is (idle == IN_TIME)
    if idle == IN_TIME:
        return
    to_login = urlsplit(late["Location"])
    assert to_login.path == reverse("accounts:login")
    assert parse_qs(to_login.query) == {"next": [CHANGE]}
    terms = client.get(late["Location"], follow=True)
    assert NEW not in terms.content.decode()
    assert "no activity for 30 minutes" in terms.content.decode()
    assert "another window" not in terms.content.decode()
    client.post(reverse("accounts:terms"), {"decision": "accept", "next": CHANGE})
    client.post(reverse("accounts:login"), {"user_id": avery.user_id})
    back = client.post(reverse("accounts:password"), {"password": PASSWORD}, follow=True)
    assert back.request["REQUEST_METHOD"] == "GET"
    assert NEW not in back.content.decode()
    assert not EmailChange.objects.exists()
    assert not AuditEntry.objects.filter(tag="email:ask_change").exists()
