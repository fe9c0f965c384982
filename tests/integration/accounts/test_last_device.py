"""The last device of somebody whose roles need one stays, whatever its strength."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import MFADevice, User
from accounts.reasons import Reason
from accounts.services import device_changes
from accounts.verdicts import Refusal
from catalog.models import Role
from tests import cast
from tests.factories import devices
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_role, make_system
from tests.factories.devices import Kind
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db

ONLY = "A role of yours needs an MFA device, and this is the only one."


@pytest.fixture
def dbids_end_user() -> User:
    """Holds the role End User of DBidS, for proven people with two factors."""
    return _holder(required_ial=2, required_aal=2)


def _holder(**levels: Any) -> User:
    person = cast.assister()
    system = make_system("DMEPOS Bidding System", slug="dbids")
    role: Role = make_role(system, name="End User", code="end-user", **levels)
    make_grant(person, role, make_organization("Harbor"))
    return person


def _refusal(person: User, device: MFADevice) -> Any:
    try:
        device_changes.remove(user=person, device_id=device.pk, actor=person)
    except Refusal as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("kind", [Kind.EMAIL, Kind.TEXT])
def test_the_page_keeps_a_weak_device_that_is_the_only_one(dbids_end_user: User, kind: str) -> None:
    device = devices.device(dbids_end_user, kind)
    client = cast.client_of(dbids_end_user)

    page = client.post(reverse("accounts:mfa_remove", args=[device.pk])).content.decode()

    assert ONLY in page
    assert "Add another device first" in page
    dbids_end_user.refresh_from_db()
    assert dbids_end_user.has_mfa
    assert MFADevice.objects.filter(pk=device.pk).exists()


def test_with_another_device_it_goes_and_the_other_stays(dbids_end_user: User) -> None:
    email = devices.device(dbids_end_user, Kind.EMAIL)
    text = devices.device(dbids_end_user, Kind.TEXT)
    devices.recovery_codes(dbids_end_user)

    assert _refusal(dbids_end_user, email) is None
    assert _refusal(dbids_end_user, text) == Reason.ONLY_DEVICE_NEEDED


def test_codes_on_paper_are_no_device_and_may_go(dbids_end_user: User) -> None:
    email = devices.device(dbids_end_user, Kind.EMAIL)
    sheet, _codes = devices.recovery_codes(dbids_end_user)

    assert _refusal(dbids_end_user, email) == Reason.ONLY_DEVICE_NEEDED
    assert _refusal(dbids_end_user, sheet) is None


def test_the_last_strong_one_stays_beside_a_weak_one(dbids_end_user: User) -> None:
    app = devices.app(dbids_end_user)
    email = devices.device(dbids_end_user, Kind.EMAIL)

    assert _refusal(dbids_end_user, app) == Reason.LAST_DEVICE_NEEDED
    assert _refusal(dbids_end_user, email) is None
    assert _refusal(dbids_end_user, app) == Reason.LAST_DEVICE_NEEDED


def test_a_role_that_demands_any_device_lets_the_app_go_for_another_one() -> None:
    person = _holder(required_ial=1, required_aal=2)
    app = devices.app(person)
    assert _refusal(person, app) == Reason.ONLY_DEVICE_NEEDED
    email = devices.device(person, Kind.EMAIL)

    assert _refusal(person, app) is None
    assert _refusal(person, email) == Reason.ONLY_DEVICE_NEEDED


def test_who_holds_no_such_role_removes_the_last_one() -> None:
    person = _holder(required_ial=1, required_aal=1)
    assert _refusal(person, devices.device(person, Kind.EMAIL)) is None


def test_a_help_desk_removes_the_last_one_with_a_reason(dbids_end_user: User) -> None:
    """Which agents may is the console's to say: for this person, two together."""
    device = devices.device(dbids_end_user, Kind.EMAIL)
    agent = cast.portal_help_desk()

    device_changes.remove(
        user=dbids_end_user, device_id=device.pk, actor=agent, reason="The mailbox was lost."
    )

    dbids_end_user.refresh_from_db()
    assert not dbids_end_user.has_mfa
