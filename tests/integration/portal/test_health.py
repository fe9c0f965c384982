"""What a load balancer and a container engine are told."""

import time

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client

from portal import health
from portal.tasks import heartbeat

pytestmark = pytest.mark.django_db


def test_healthz_asks_nothing(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response["Cache-Control"]


def test_ready_when_every_part_works(client: Client) -> None:
    heartbeat.run()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "broker": "ok", "beat": "ok"}


def test_not_ready_before_the_first_tick(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["beat"] == "no tick yet"


@pytest.mark.parametrize("off", [-1, 1], ids=["too-old", "of-a-clock-that-was-set-back"])
def test_not_ready_when_beat_fell_silent(client: Client, off: int) -> None:
    cache.set(health.TICK, int(time.time()) + off * (health.OLDEST_TICK + 60))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["beat"] == "late"


def test_not_ready_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.run()

    def gone() -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(connection, "cursor", gone)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "database": "unreachable",
        "broker": "ok",
        "beat": "ok",
    }


def test_not_ready_without_the_broker(client: Client, settings: object) -> None:
    heartbeat.run()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "unreachable"


def test_the_container_check_follows_the_tick() -> None:
    with pytest.raises(CommandError, match="no tick yet"):
        call_command("healthcheck", "tick")
    heartbeat.run()
    call_command("healthcheck", "tick")


def test_the_container_check_asks_the_web_server(live_server: object, settings: object) -> None:
    url = str(live_server)
    settings.PORT = int(url.rpartition(":")[2])  # type: ignore[attr-defined]
    call_command("healthcheck", "web")

    settings.PORT = 1  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="does not answer"):
        call_command("healthcheck", "web")
