"""How long a refusal takes tells nothing about the account. Real hashes, real statements."""

import secrets
import statistics
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from accounts.hashers import PortalArgon2PasswordHasher
from accounts.models import ThrottleCounter, User
from accounts.services import sign_in
from audit.models import AuditEntry
from tests import cast
from tests.integration.accounts.conftest import CREDENTIALS, Registering
from tests.integration.accounts.neutral import measure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.proof,
    pytest.mark.timeout(900),
]


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


def _lock(client: Client, user_id: str) -> None:
    """Close an account for strangers, whatever the limit is."""
    _seconds(client, user_id)
    bucket = sign_in.account_bucket(user_id, None)
    ThrottleCounter.objects.filter(key_hash=bucket.key_hash).update(
        attempts=bucket.limit + 1, closed_until=clock.now() + timedelta(hours=1)
    )


def _registered() -> str:
    """Send a registration whose link nobody has opened yet."""
    Registering().whole()
    return CREDENTIALS["user_id"]


def test_medians_of_refusals_lie_within_twenty_milliseconds(settings: Any) -> None:
    settings.SIGN_IN_FAILURE_LIMIT = 1_000_000
    password = secrets.token_urlsafe(20)
    people = {
        "wrong": cast.assister(password=password).user_id,
        "closed": cast.stranger(password=password, is_active=False).user_id,
        "locked": cast.end_user(password=password).user_id,
        "unverified": _registered(),
        "unknown": "nobody.here",
    }
    encoded = User.objects.get(user_id=people["wrong"]).password
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    _lock(client, people["locked"])

    found = measure(people, partial(_seconds, client), encoded=encoded)

    assert found.spread < found.allowed, found.told
    usual_hash = statistics.median(found.hashes)
    assert min(found.medians.values()) > usual_hash / 2, "no hash was computed"
    assert AuditEntry.objects.filter(reason="not_evaluated").count() == len(found.hashes)


def test_an_impossible_password_costs_no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.assister()
    hashed: list[int] = []
    for step in ("encode", "verify"):
        monkeypatch.setattr(
            PortalArgon2PasswordHasher, step, lambda self, *given: hashed.append(len(given[0]))
        )
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": "assister.avery"})
    response = client.post(reverse("accounts:password"), {"password": "x" * 1_000_000})

    assert response.status_code == 400
    assert hashed == []
