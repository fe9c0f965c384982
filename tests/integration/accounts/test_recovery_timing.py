"""How long the questions of Forgot Password take tells nothing about the account."""

import statistics
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

import clock
from accounts.data.questions import QUESTIONS
from accounts.models import ThrottleCounter
from accounts.services import challenge, sign_in, throttle
from tests import cast
from tests.factories.challenge import give_answers
from tests.integration.accounts.neutral import Visible, measure, visible

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.proof,
    pytest.mark.timeout(900),
]


@pytest.fixture(autouse=True)
def _real_hasher(settings: Any) -> Any:
    """The hasher of the running portal instead of the tests' fast one, and no limits."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
    settings.CHALLENGE_FAILURE_LIMIT = 1_000_000
    challenge._dummy_hash.cache_clear()
    yield
    challenge._dummy_hash.cache_clear()


def _seconds(client: Client, seen: list[Visible], user_id: str) -> float:
    client.post(reverse("accounts:forgot_password"), {"user_id": user_id})
    data = {"answer_1": "wrong", "answer_2": "wrong", "answer_3": "wrong"}
    started = time.perf_counter()
    response = client.post(reverse("accounts:forgot_password_questions"), data)
    elapsed = time.perf_counter() - started
    seen.append(visible(response, user_id, *(str(words) for _code, words in QUESTIONS)))
    return elapsed


def test_medians_of_wrong_answers_lie_within_twenty_milliseconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(challenge, "TRIES_PER_ADDRESS", 1_000_000)
    monkeypatch.setattr("accounts.services.recovery_start.REQUESTS_PER_ADDRESS", 1_000_000)
    locked = give_answers(cast.business_owner())
    bucket = sign_in.account_bucket(locked.user_id, None)
    for _ in range(bucket.limit + 1):
        throttle.reserve([bucket])
    people = {
        "wrong": give_answers(cast.assister()).user_id,
        "locked": locked.user_id,
        "shut": give_answers(cast.stranger(is_active=False)).user_id,
        "closed": give_answers(cast.end_user()).user_id,
        "unknown": "nobody.here",
    }
    client = Client()
    seen: list[Visible] = []
    _seconds(client, seen, people["closed"])
    bucket = challenge.account_bucket(people["closed"], signed_in=False)
    ThrottleCounter.objects.filter(key_hash=bucket.key_hash).update(
        attempts=bucket.limit + 1, closed_until=clock.now() + timedelta(hours=24)
    )

    found = measure(
        people, partial(_seconds, client, seen), encoded=make_password("Lantern-Quay-2026")
    )

    assert found.spread < found.allowed, found.told
    assert seen[0].status == 200
    assert seen == seen[:1] * len(seen)
    usual_hash = statistics.median(found.hashes)
    assert min(found.medians.values()) > usual_hash * 2, "three hashes were not computed"
