"""A role that demands a device opens nothing before there is one, and every page says the same."""

from typing import Any

import pytest

from access_requests import needs
from access_requests.services import decisions, grants
from accounts.assurance import Strength
from accounts.models import User
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.access_requests import make_grant, make_request
from tests.factories.devices import Kind
from tests.integration.access_requests.conftest import World

ANY, STRONG = "Waiting for an MFA device", "Waiting for a strong MFA device"
DEVICES = (None, Kind.EMAIL, Kind.APP_PHONE)


def _asking(world: World, **levels: int) -> User:
    """A person, for a role that demands this much."""
    for name, level in levels.items():
        setattr(world.end_user, name, level)
    world.end_user.save()
    return world.assister


def _give(person: User, kind: str | None) -> None:
    if kind:
        devices.device(person, kind)


# What a role demands, and what somebody without a device, with e-mail or with an app waits for.
WAITS: list[tuple[dict[str, int], tuple[str, str, str]]] = [
    ({}, ("", "", "")),
    ({"required_aal": 2}, (ANY, "", "")),
    ({"required_ial": 2, "required_aal": 2}, (STRONG, STRONG, "")),
    ({"required_ial": 2}, (STRONG, STRONG, "")),
]
CASES = [
    (levels, kind, waits) for levels, row in WAITS for kind, waits in zip(DEVICES, row, strict=True)
]


@pytest.mark.parametrize(("levels", "kind", "waits"), CASES)
def test_my_access_says_what_a_role_waits_for(
    world: World, levels: dict[str, int], kind: str | None, waits: str
) -> None:
    person = _asking(world, **levels)
    _give(person, kind)
    make_grant(person, world.end_user, world.harbor)

    page = world.client(person).get("/access/").content.decode()

    assert {one for one in (ANY, STRONG) if one in page} == ({waits} if waits else set())


@pytest.mark.parametrize(("levels", "kind", "waits"), CASES)
def test_the_mail_and_the_request_say_the_same(
    world: World, levels: dict[str, int], kind: str | None, waits: str
) -> None:
    person = _asking(world, **levels)
    cast.proofed(person)
    _give(person, kind)
    asked: Any = make_request(person, world.end_user, world.everybody().harbor)

    decisions.approve(tracking_number=asked.tracking_number, approver=world.external_approver)

    mail = OutboxMessage.objects.get(name="access_request_approved")
    page = world.client(person).get(asked.get_absolute_url()).content.decode()
    for body in (mail.body_text, mail.body_html):
        assert ("/profile/mfa/" in body) is bool(waits)
        assert ("from now on" in body) is not bool(waits)
        assert ("set up an MFA device" in body) is (waits == ANY)
        assert ("set up an authenticator app, passkey" in body) is (waits == STRONG)
    assert ("opens nothing before there is" in page) is bool(waits)
    assert ("The role is held now." in page) is not bool(waits)


def test_the_page_of_a_request_says_that_its_role_has_ended(world: World) -> None:
    asked: Any = make_request(world.assister, world.end_user, world.everybody().harbor)
    decided = decisions.approve(
        tracking_number=asked.tracking_number, approver=world.external_approver
    )
    grants.remove(grant_id=decided.grant.pk, holder=world.assister)

    page = world.client(world.assister).get(asked.get_absolute_url()).content.decode()

    assert "The role is held" not in page
    assert "The role was held until " in page


@pytest.mark.parametrize("role", ["external", "help_desk_role", "owner_role"])
def test_who_decides_or_serves_waits_for_a_strong_device(world: World, role: str) -> None:
    person, held = world.stranger, getattr(world, role)
    make_grant(person, held, world.harbor)
    person.has_strong_factor = False
    person.save(update_fields=["has_strong_factor"])
    devices.device(person, Kind.EMAIL)

    assert needs.missing(person, needs.demanded_by(held)) == Strength.STRONG
    assert STRONG in world.client(person).get("/access/").content.decode()


@pytest.mark.parametrize(
    ("levels", "strong", "device"),
    [
        ({}, False, False),
        ({"required_aal": 2}, False, True),
        ({"required_ial": 2}, True, False),
        ({"required_ial": 2, "required_aal": 2}, True, True),
    ],
)
def test_the_devices_of_a_person_are_judged_by_the_same_rule(
    world: World, levels: dict[str, int], strong: bool, device: bool
) -> None:
    person = _asking(world, **levels)
    grant: Any = make_grant(person, world.end_user, world.harbor)

    assert needs.works_with_strong_factor(person) is strong
    assert needs.holds_role_with_two_factors(person) is device
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert not needs.holds_role_with_two_factors(person)
    assert grant.pk
