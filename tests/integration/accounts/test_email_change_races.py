"""Wishes and confirmations of an e-mail address at the same moment, with real threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import EmailChange, PortalSession
from accounts.reasons import Reason
from accounts.services import email_change
from accounts.verdicts import Refusal
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.profiles import NEW, fresh, somebody

pytestmark = pytest.mark.django_db(transaction=True)


def test_confirmed_ten_times_at_once_is_one_change() -> None:
    user = somebody()
    row = cast.sign_in(Client(), user)
    change = email_change.ask(user=user, email=NEW, actor=user)

    def confirm(_number: int) -> str:
        try:
            email_change.confirm(change_id=change.pk)
        except Refusal as refusal:
            return str(refusal.reason)
        else:
            return "changed"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(confirm, range(10)))

    assert sorted(outcomes) == ["changed", *[str(Reason.EMAIL_LINK_OVER)] * 9]
    assert OutboxMessage.objects.filter(name="email_changed").count() == 2
    session = PortalSession.objects.get(pk=row.pk)
    assert session.security_version == fresh(user).security_version


def test_wished_eight_times_at_once_leaves_one_wish_and_five_links() -> None:
    user = somebody()

    def wish(number: int) -> str:
        try:
            email_change.ask(user=user, email=f"n{number}@people.example", actor=user)
        except Refusal as refusal:
            return str(refusal.reason)
        else:
            return "asked"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(wish, range(8)))

    refused = str(Reason.TOO_MANY_EMAIL_CHANGES)
    assert sorted(outcomes) == sorted(["asked"] * 5 + [refused] * 3)
    assert EmailChange.objects.filter(status=EmailChange.Status.PENDING).count() == 1
    assert EmailChange.objects.count() == 5
    assert OutboxMessage.objects.filter(name="email_change_confirm").count() == 5
