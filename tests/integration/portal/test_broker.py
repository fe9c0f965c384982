"""A broker that freezes in the midst of a task: the worker asks for the next one afterwards."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Queue

from portal.celery import app
from portal.embedded.processes import server_account
from portal.embedded.valkey import Valkey

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A private Valkey that may be frozen."""
    with tempfile.TemporaryDirectory(prefix="portal-test-") as name:
        Path(name).chmod(0o711)
        server = Valkey(
            Path(name) / "valkey", account=server_account(), password="quiet", throw_away=True
        )
        server.start()
        yield server
        assert server.process is not None
        server.process.send_signal(signal.SIGCONT)
        server.stop()


@pytest.fixture
def connection(valkey: Valkey) -> Iterator[Connection]:
    """A connection to it with the portal's options."""
    options: dict[str, Any] = app.conf.broker_transport_options
    with Connection(valkey.url, transport_options=options) as opened:
        yield opened


def test_a_message_acknowledged_while_the_broker_is_frozen_makes_room_for_the_next(
    valkey: Valkey, connection: Connection
) -> None:
    channel: Any = connection.channel()  # of kombu, which says less of it than there is
    queue = Queue("portal", channel=channel)
    queue.declare()
    channel.basic_qos(0, app.conf.worker_prefetch_multiplier, False)
    for number in range(2):
        connection.Producer().publish({"number": number}, routing_key="portal")
    first = queue.get()
    assert first is not None
    assert not channel.qos.can_consume()
    assert valkey.process is not None
    valkey.process.send_signal(signal.SIGSTOP)

    first.ack()

    assert channel.qos.can_consume()
    valkey.process.send_signal(signal.SIGCONT)
    second = queue.get()
    assert second is not None
    assert second.payload == {"number": 1}
    with pytest.raises(Empty):
        channel._get("portal")
