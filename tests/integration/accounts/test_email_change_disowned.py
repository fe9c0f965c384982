"""A changed e-mail address goes back to who disowns the change, together with the freeze."""

import pytest

from accounts.models import Disavowal, User
from accounts.services import disavowal
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.profiles import CONFIRM, NEW, OLD, asked, follow, fresh, somebody

pytestmark = pytest.mark.django_db


def changed(user: User) -> dict[str, Disavowal]:
    """Go through a whole change; the rights to disown it, by address."""
    client, _status = follow(asked(user))
    client.post(CONFIRM)
    assert fresh(user).email == NEW
    rows = Disavowal.objects.filter(event="email_changed")
    return {row.email: row for row in rows}


def test_the_old_owner_gets_the_address_back_by_disowning_the_change() -> None:
    user = somebody()
    rights = changed(user)

    disavowal.disown(disavowal_id=rights[OLD].pk, address="127.0.0.1")

    now = fresh(user)
    assert (now.email, now.email_key, now.is_active) == (OLD, OLD, False)
    after = AuditEntry.objects.get(tag="account:freeze").after
    assert after is not None
    assert after["email"] == OLD
    told = OutboxMessage.objects.filter(name="account_frozen").values_list("to", flat=True)
    assert set(told) == {OLD, NEW}


def test_the_new_address_disowning_the_change_moves_nothing() -> None:
    user = somebody()
    rights = changed(user)

    disavowal.disown(disavowal_id=rights[NEW].pk, address="127.0.0.1")

    assert fresh(user).email == NEW


def test_an_address_somebody_else_has_by_now_is_not_given_back() -> None:
    user = somebody()
    rights = changed(user)
    cast.stranger(email=OLD)

    disavowal.disown(disavowal_id=rights[OLD].pk, address="127.0.0.1")

    assert fresh(user).email == NEW
    assert not fresh(user).is_active
