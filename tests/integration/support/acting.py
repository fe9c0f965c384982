"""What tests of an agent's actions share: acting, being refused, accounts that are shut."""

from typing import Any

import pytest

from accounts.models import AccountEvent, SecurityCase, User
from accounts.services import disavowal, second_factor, sign_in, throttle
from accounts.verdicts import Refusal
from tests.integration.support.helpdesk import Desks, action_of, strong_client

BY_CODE, BY_JUDGEMENT = "portal_code", "call_back"
WHY = {"reason": "Lost the phone"}


def refused(call: Any) -> str | None:
    """The reason for which a call is refused; it has to be."""
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.reason


def act(desks: Desks, action: str, **typed: Any) -> Any:
    """Let the agent of zONE do something to the person, with a reason."""
    client = strong_client(desks.agent)
    return client.post(action_of(desks.person, action), {**WHY, **typed})


def lock(person: User) -> None:
    """Use up the tries of password and second factor."""
    for bucket in (sign_in.account_bucket(person.user_id, None), second_factor.bucket(person)):
        while throttle.is_allowed(bucket):
            pass


def frozen(person: User) -> SecurityCase:
    """Shut an account as its owner would; returns the case."""
    disavowal.link(person, AccountEvent.DEVICE_ADDED)
    row = person.disavowals.latest("pk")
    case = disavowal.disown(disavowal_id=row.pk, address="127.0.0.1")
    person.refresh_from_db()
    return case
