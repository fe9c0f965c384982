"""Numbers around real ones show nothing foreign, and foreign things look like absent ones."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.assurance import Strength
from accounts.models import MFADevice, PortalSession, User
from tests import cast
from tests.counts import NEIGHBOURS
from tests.integration.matrix import table
from tests.integration.matrix.conftest import HOST, Ask
from tests.integration.matrix.table import Persona

COLLEAGUE = Persona(table.COLLEAGUE, Strength.WEAK)
AGENT = Persona("helpdesk.zone", Strength.STRONG)
PORTAL_AGENT = Persona("helpdesk.portal", Strength.STRONG)
ABSENT = "987654321"
# An address, the place in it, and somebody for whom the object does not exist.
FOREIGN = (
    ("/requests/{}/", "own", COLLEAGUE),
    ("/requests/{}/", "approved", AGENT),
    ("/requests/{}/", "approved", PORTAL_AGENT),
    ("/requests/{}/acknowledgement/", "own", COLLEAGUE),
    ("/requests/{}/cancel/", "own", COLLEAGUE),
    ("/requests/{}/answer/", "returned", COLLEAGUE),
    ("/approvals/{}/", "waiting", AGENT),
    ("/access/{}/remove/", "grant", COLLEAGUE),
    ("/profile/mfa/{}/confirm/", "unconfirmed", COLLEAGUE),
    ("/profile/mfa/{}/rename/", "device", COLLEAGUE),
    ("/profile/mfa/{}/remove/", "device", COLLEAGUE),
    ("/helpdesk/people/{}/", "auditor", AGENT),
    ("/helpdesk/people/{}/verify/", "auditor", AGENT),
    ("/helpdesk/people/{}/unlock/", "auditor", AGENT),
    ("/helpdesk/proposals/{}/", "proposal", COLLEAGUE),
    ("/audit/{}/", "entry", AGENT),
)


def plain(answer: Any) -> tuple[int, str]:
    """An answer without what differs by chance: tokens, nonces, and its own address."""
    text = re.sub(r'(value|nonce)="[^"]{16,}"', "", answer.content.decode())
    return answer.status_code, re.sub(r"/\d+/", "/0/", text)


@pytest.fixture(scope="module")
def places(world: dict[str, str]) -> dict[str, str]:
    """The world's objects, and a person no system's help desk serves."""
    return {**world, "auditor": str(User.objects.get(user_id="auditor.portal").pk)}


@pytest.mark.parametrize(("path", "place", "persona"), FOREIGN, ids=str)
def test_foreign_and_absent_are_the_same(
    path: str,
    place: str,
    persona: Persona,
    places: dict[str, str],
    asking: Callable[[Persona], Ask],
) -> None:
    ask = asking(persona)
    for method in ("GET", "POST"):
        foreign = plain(ask(method, path.format(places[place])))
        absent = plain(ask(method, path.format(ABSENT)))
        assert foreign == absent
        assert foreign[0] in {404, 405}
        assert method == "POST" or foreign[0] == 404


@pytest.mark.parametrize(
    ("path", "place"), [part[:2] for part in FOREIGN if part[2] == COLLEAGUE], ids=str
)
def test_no_number_nearby_shows_anything_foreign(
    path: str, place: str, places: dict[str, str], asking: Callable[[Persona], Ask]
) -> None:
    ask, person = asking(COLLEAGUE), User.objects.get(user_id=table.COLLEAGUE)
    mine = set(MFADevice.objects.filter(user=person).values_list("pk", flat=True))
    center = int(places[place])
    near = range(max(1, center - NEIGHBOURS), center + NEIGHBOURS + 1)
    foreign = [n for n in near if "/mfa/" not in path or n not in mine]

    assert center in foreign
    assert {n: ask("GET", path.format(n)).status_code for n in foreign} == dict.fromkeys(
        foreign, 404
    )


def test_an_agent_finds_only_the_people_served(
    places: dict[str, str], asking: Callable[[Persona], Ask]
) -> None:
    """The agent of zONE serves those who hold a role in it or have asked for one."""
    ask = asking(AGENT)
    last = User.objects.latest("pk").pk
    elsewhere = User.objects.filter(user_id__in=["auditor.portal", "admin.portal", "eu.harbor"])
    unserved = {*elsewhere.values_list("pk", flat=True), *range(last + 1, last + NEIGHBOURS)}

    assert elsewhere.count() == 3
    assert ask("GET", f"/helpdesk/people/{places['served']}/").status_code == 200
    assert {ask("GET", f"/helpdesk/people/{pk}/").status_code for pk in unserved} == {404}


def test_nobody_ends_a_session_of_somebody_else(
    places: dict[str, str], asking: Callable[[Persona], Ask]
) -> None:
    theirs = cast.sign_in(Client(**HOST), User.objects.get(user_id=table.REQUESTER))
    ask = asking(COLLEAGUE)
    mine = set(
        PortalSession.objects.filter(user__user_id=table.COLLEAGUE).values_list("pk", flat=True)
    )
    near = range(max(1, theirs.pk - NEIGHBOURS), theirs.pk + NEIGHBOURS + 1)
    foreign = [n for n in near if n not in mine]
    absent = plain(ask("POST", "/profile/sessions/", {"end": ABSENT}))

    assert theirs.pk in foreign
    assert absent[0] == 404
    for number in foreign:
        assert plain(ask("POST", "/profile/sessions/", {"end": str(number)})) == absent, number
