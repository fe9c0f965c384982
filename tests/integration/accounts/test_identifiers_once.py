"""A User ID belongs to one person for ever, also when the account is long closed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import RequestFactory

import clock
from access_requests.models import Grant
from accounts.models import Registration, User
from accounts.services import accounts, activation
from accounts.verdicts import Refusal
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_role
from tests.integration.accounts.conftest import CREDENTIALS, Registering, newest_mail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [0, 3 * 365 - 1, 3 * 365 + 2])
@pytest.mark.parametrize("spelling", ["leaver.lou", "LEAVER.Lou", "leaver.lou\u200b"])
def test_the_id_of_a_closed_account_is_refused_and_nothing_of_it_appears(
    registering: Registering, spelling: str, days: int
) -> None:
    old = cast.stranger()
    User.objects.filter(pk=old.pk).update(user_id="leaver.lou", user_id_key="leaver.lou")
    make_grant(old, make_role())
    accounts.deactivate(user_id=old.pk, actor=cast.superuser(), reason="left the company")

    with time_machine.travel(clock.now() + timedelta(days=days)):
        registering.whole(user_id=spelling)

        assert "belongs to somebody else" in newest_mail("account_activation").body_text
        row = Registration.objects.get(status="pending")
        link: dict[str, Any] = {
            "registration_id": row.pk,
            "link_number": row.link_number,
            "password": CREDENTIALS["password"],
        }
        with pytest.raises(Refusal, match="user_id_taken"):
            activation.activate(**link)
        new = activation.activate(**link, user_id="rowan.other")
    assert not Grant.objects.filter(person=new).exists()
    assert User.objects.get(user_id_key="leaver.lou").pk == old.pk


@pytest.mark.parametrize("state", ["frozen_at", "expired_at", "suspended_at"])
def test_nor_is_the_id_of_an_account_that_is_shut(registering: Registering, state: str) -> None:
    user = cast.stranger()
    User.objects.filter(pk=user.pk).update(**{"is_active": False, state: clock.now()})

    registering.whole(user_id=user.user_id)

    assert "belongs to somebody else" in newest_mail("account_activation").body_text


def test_nobody_deletes_an_account() -> None:
    request = RequestFactory().get("/admin/")
    request.user = cast.superuser()
    people = admin.site._registry[User]

    assert not people.has_delete_permission(request)
    assert "delete_selected" not in people.get_actions(request)
