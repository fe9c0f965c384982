"""What is done in one browser is felt by the other one at its next request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import PasswordHistory, User
from accounts.services import accounts, suspension
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.accounts import PASSWORD, accept_rules
from tests.factories.catalog import make_zone
from tests.integration.accounts import mfa_pages

pytestmark = pytest.mark.django_db

Change = Callable[[User, Client], None]


def _lock(person: User, _client: Client) -> None:
    agent = cast.portal_help_desk()
    suspension.suspend(user_id=person.pk, actor=agent, reason="Asked by its owner")


def _disable(person: User, _client: Client) -> None:
    accounts.deactivate(user_id=person.pk, actor=cast.superuser(), reason="Left")


def _change_password(_person: User, client: Client) -> None:
    new = "Nine-Gulls-Above-Pier-7"
    data = {"current_password": PASSWORD, "password": new, "confirm_password": new}
    assert client.post(reverse("accounts:change_password"), data).status_code == 302


def _add_device(_person: User, client: Client) -> None:
    mfa_pages.add_app(client)


@pytest.mark.parametrize("change", [_lock, _disable, _change_password, _add_device])
def test_the_session_elsewhere_is_over(change: Change) -> None:
    person = accept_rules(cast.assister())
    long_ago = clock.now() - timedelta(days=300)
    PasswordHistory.objects.create(user=person, hash=person.password, set_at=long_ago)
    here, elsewhere = cast.client_of(person), cast.client_of(person)
    assert elsewhere.get(reverse("accounts:profile")).status_code == 200

    change(person, here)

    answer = elsewhere.get(reverse("accounts:profile"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:login"))
    posted = elsewhere.post(reverse("accounts:mfa_set_up", args=["email"]))
    assert posted["Location"].startswith(reverse("accounts:login"))
    assert not person.mfa_devices.filter(kind="email").exists()


def test_a_role_given_up_here_opens_nothing_elsewhere() -> None:
    roles = make_zone()
    person = cast.system_help_desk()
    grant = make_grant(person, roles["helpdesk"])
    here, elsewhere = cast.client_of(person), cast.client_of(person)
    assert elsewhere.get(reverse("support:helpdesk")).status_code == 200

    given_up = here.post(reverse("access_requests:remove_role", args=[grant.pk]))

    assert given_up.status_code == 302
    assert elsewhere.get(reverse("support:helpdesk")).status_code == 404
    assert elsewhere.get(reverse("accounts:profile")).status_code == 200
