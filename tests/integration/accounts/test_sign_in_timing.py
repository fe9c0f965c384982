"""How long a refusal takes tells nothing about the account. Real hashes, real statements."""

import secrets
import statistics
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import sign_in
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAIRS = 80
ALLOWED_SECONDS = 0.020


@pytest.fixture(autouse=True)
def _real_hasher(settings: Any) -> Any:
    """The hasher of the running portal instead of the tests' fast one, and no address limit."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
    settings.SIGN_IN_ADDRESS_LIMIT = 1_000_000
    sign_in._dummy_hash.cache_clear()
    yield
    sign_in._dummy_hash.cache_clear()


def _seconds(client: Client, user_id: str) -> float:
    client.post(reverse("accounts:login"), {"user_id": user_id})
    started = time.perf_counter()
    response = client.post(reverse("accounts:password"), {"password": "Wrong-Quay-Lantern-9"})
    elapsed = time.perf_counter() - started
    assert response.status_code == 200
    return elapsed


def test_medians_of_refusals_lie_within_twenty_milliseconds(settings: Any) -> None:
    settings.SIGN_IN_FAILURE_LIMIT = 1_000_000
    password = secrets.token_urlsafe(20)
    cast.assister(password=password)
    cast.stranger(password=password, is_active=False)
    locked = cast.end_user(password=password)
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    settings.SIGN_IN_FAILURE_LIMIT = 1
    _seconds(client, locked.user_id)
    times: dict[str, list[float]] = {"wrong": [], "unknown": [], "closed": [], "locked": []}
    for number in range(PAIRS):
        settings.SIGN_IN_FAILURE_LIMIT = 1_000_000
        times["wrong"].append(_seconds(client, "assister.avery"))
        times["unknown"].append(_seconds(client, f"nobody.{number}"))
        times["closed"].append(_seconds(client, "stranger.sam"))
        settings.SIGN_IN_FAILURE_LIMIT = 1
        times["locked"].append(_seconds(client, locked.user_id))

    medians = {kind: statistics.median(measured) for kind, measured in times.items()}
    assert max(medians.values()) - min(medians.values()) < ALLOWED_SECONDS, medians
    assert min(medians.values()) > 0.005, "no hash was computed"


def test_an_impossible_password_costs_no_hash() -> None:
    cast.assister()
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": "assister.avery"})
    started = time.perf_counter()
    response = client.post(reverse("accounts:password"), {"password": "x" * 1_000_000})

    assert response.status_code == 400
    assert time.perf_counter() - started < 0.2
