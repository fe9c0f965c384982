"""An approver who signed in without a strong second factor posts a decision: nothing happens."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from access_requests.models import Decision, Grant, InformationRequest
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from accounts.assurance import Strength
from accounts.models import PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.access_requests import make_request
from tests.integration.access_requests.conftest import World

pytestmark = pytest.mark.django_db

ANSWERS = {
    "approve": "access_request:approve",
    "deny": "access_request:deny",
    "return_for_information": "access_request:return_for_information",
}


@pytest.fixture
def asked(world: World) -> Any:
    """A request that waits for the approver."""
    world.everybody()
    return make_request(world.assister, world.end_user, world.harbor)


def form_of(client: Client, asked: Any) -> dict[str, str]:
    """What the open page would post."""
    page = client.get(reverse("access_requests:approval", args=[asked.tracking_number]))
    hidden = dict(re.findall(r'name="(revision|form_key)" value="([^"]+)"', page.content.decode()))
    assert set(hidden) == {"revision", "form_key"}
    return {**hidden, "comment": "Known to me."}


def post(client: Client, asked: Any, answer: str, data: dict[str, str]) -> Any:
    return client.post(reverse(f"access_requests:{answer}", args=[asked.tracking_number]), data)


def traces() -> tuple[int, ...]:
    """How many rows there are of whatever a decision writes."""
    written: tuple[Any, ...] = (Decision, Grant, InformationRequest, OutboxMessage)
    return tuple(model.objects.count() for model in written)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_weak_session_decides_nothing(world: World, asked: Any, answer: str) -> None:
    approver = world.external_approver
    data = form_of(world.client(approver), asked)
    weak = cast.client_of(approver, Strength.WEAK)
    before = traces()

    refused = post(weak, asked, answer, data)

    assert refused.status_code == 409
    assert str(Reason.NEEDS_MFA.label) in refused.content.decode()
    asked.refresh_from_db()
    assert (asked.status, asked.revision) == (Status.PENDING, int(data["revision"]))
    assert traces() == before
    entry = AuditEntry.objects.get(tag=ANSWERS[answer])
    assert (entry.outcome, entry.reason) == ("refused", str(Reason.NEEDS_MFA))
    assert (entry.actor_id, entry.target_id) == (approver.pk, str(asked.pk))
    assert entry.assurance == "IAL1/AAL2"


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_same_form_is_taken_from_a_strong_session(
    world: World, asked: Any, answer: str
) -> None:
    client = world.client(world.external_approver)
    data = form_of(client, asked)
    post(cast.client_of(world.external_approver, Strength.WEAK), asked, answer, data)

    assert post(client, asked, answer, data).status_code == 302

    asked.refresh_from_db()
    assert asked.status != Status.PENDING
    outcomes = AuditEntry.objects.filter(tag=ANSWERS[answer]).order_by("pk")
    assert list(outcomes.values_list("outcome", flat=True)) == ["refused", "success"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_session_by_password_alone_is_led_to_the_sign_in(
    world: World, asked: Any, answer: str
) -> None:
    approver = world.external_approver
    client = world.client(approver)
    data = form_of(client, asked)
    PortalSession.objects.filter(user=approver).update(strength=Strength.NONE, aal=1)
    before = traces()

    refused = post(client, asked, answer, data)

    assert refused["Location"].startswith(reverse("accounts:login"))
    asked.refresh_from_db()
    assert asked.status == Status.PENDING
    assert traces() == before


@pytest.mark.parametrize("answer", ANSWERS)
def test_without_any_strong_device_the_request_does_not_exist(
    world: World, asked: Any, answer: str
) -> None:
    approver = world.external_approver
    data = form_of(world.client(approver), asked)
    User.objects.filter(pk=approver.pk).update(has_strong_factor=False)
    before = traces()

    refused = post(cast.client_of(approver, Strength.WEAK), asked, answer, data)

    assert refused.status_code == 404
    asked.refresh_from_db()
    assert asked.status == Status.PENDING
    assert traces() == before
    assert AuditEntry.objects.get(tag=ANSWERS[answer]).outcome == "refused"
