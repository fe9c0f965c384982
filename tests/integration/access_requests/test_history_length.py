"""My access shows the latest of a long history first, and the whole of it on demand."""

from access_requests.services import requests
from access_requests.views.access import HISTORY_LENGTH
from tests.factories.access_requests import make_request
from tests.integration.access_requests.conftest import World

LINK = "?history=all#past"


def test_a_long_history_is_cut_and_can_be_seen_whole(world: World) -> None:
    numbers = []
    for _ in range(HISTORY_LENGTH + 2):
        sent = make_request(world.assister, world.cms)
        requests.withdraw(tracking_number=sent.tracking_number or "", requester=world.assister)
        numbers.append(sent.tracking_number)
    visitor = world.client(world.assister)

    latest = visitor.get("/access/").content.decode()
    whole = visitor.get("/access/?history=all").content.decode()

    assert [number for number in numbers if number in latest] == numbers[2:]
    assert LINK in latest
    assert all(number in whole for number in numbers)
    assert LINK not in whole


def test_a_short_history_has_no_such_link(world: World) -> None:
    sent = make_request(world.assister, world.cms)
    requests.withdraw(tracking_number=sent.tracking_number or "", requester=world.assister)

    assert LINK not in world.client(world.assister).get("/access/").content.decode()
