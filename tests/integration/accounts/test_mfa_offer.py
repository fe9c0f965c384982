"""A second factor is offered once, to people without one."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.services import mfa_offer
from audit.models import AuditEntry
from tests import cast
from tests.factories import accounts

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
