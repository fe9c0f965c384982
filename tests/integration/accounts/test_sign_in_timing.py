"""How long a refusal takes tells nothing about the account. Real hashes, real statements."""

import random
import secrets
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

import clock
from accounts.models import ThrottleCounter, User
from accounts.services import sign_in
from audit.models import AuditEntry
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROUNDS = 60
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


def _bare_hash(encoded: str) -> float:
    started = time.perf_counter()
    check_password("Wrong-Quay-Lantern-9", encoded)
    return time.perf_counter() - started


def _lock(client: Client, user_id: str) -> None:
    """Close an account for strangers, whatever the limit is."""
    _seconds(client, user_id)
    bucket = sign_in.account_bucket(user_id, None)
    ThrottleCounter.objects.filter(key_hash=bucket.key_hash).update(
        attempts=bucket.limit + 1, closed_until=clock.now() + timedelta(hours=1)
    )


def test_medians_of_refusals_lie_within_twenty_milliseconds(settings: Any) -> None:
    settings.SIGN_IN_FAILURE_LIMIT = 1_000_000
    password = secrets.token_urlsafe(20)
    people = {
        "wrong": cast.assister(password=password).user_id,
        "closed": cast.stranger(password=password, is_active=False).user_id,
        "locked": cast.end_user(password=password).user_id,
        "unknown": "nobody.here",
    }
    encoded = User.objects.get(user_id=people["wrong"]).password
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    _lock(client, people["locked"])
    times: dict[str, list[float]] = {kind: [] for kind in people}
    hashes = []
    for _ in range(ROUNDS):
        hashes.append(_bare_hash(encoded))
        for kind in random.sample(list(people), len(people)):
            times[kind].append(_seconds(client, people[kind]))

    medians = {kind: statistics.median(measured) for kind, measured in times.items()}
    # On a busy machine all times grow; a hash more or less would still show.
    allowed = max(ALLOWED_SECONDS, statistics.median(hashes) / 2)
    assert max(medians.values()) - min(medians.values()) < allowed, medians
    assert min(medians.values()) > statistics.median(hashes) / 2, "no hash was computed"
    assert AuditEntry.objects.filter(reason="not_evaluated").count() == ROUNDS


def test_an_impossible_password_costs_no_hash() -> None:
    cast.assister()
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": "assister.avery"})
    started = time.perf_counter()
    response = client.post(reverse("accounts:password"), {"password": "x" * 1_000_000})

    assert response.status_code == 400
    assert time.perf_counter() - started < 0.2
