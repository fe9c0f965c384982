"""What counts against whom at the sign-in, and passwords of every size."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ThrottleCounter, User
from accounts.services import sign_in
from notifications.models import OutboxMessage
from tests import cast
from tests.factories.accounts import PASSWORD
from tests.integration.accounts.conftest import Registering, link_of, newest_mail

pytestmark = pytest.mark.django_db

# 128 characters: blanks before, between and after, some of four bytes, some that combine.
LONGEST = ("  Aa9 " + "bi\u0301cycle \U0001f6b2 " * 20)[:126] + "  "


def attempt(user_id: str, password: str, **extra: Any) -> Any:
    """Sign in, or try to, in a new browser."""
    client = Client(**extra)
    client.post(reverse("accounts:terms"), {"decision": "accept"})
    client.post(reverse("accounts:login"), {"user_id": user_id})
    return client.post(reverse("accounts:password"), {"password": password})


def counted(user: User) -> int:
    """How many failures of strangers are counted against an account."""
    bucket = sign_in.account_bucket(user.user_id, None)
    return ThrottleCounter.objects.get(key_hash=bucket.key_hash).attempts


def test_a_success_from_the_same_address_takes_nothing_off_another_account() -> None:
    cast.assister()
    other = cast.end_user()
    for failures in range(1, 6):
        assert attempt(other.user_id, "wrong").status_code == 200
        assert attempt("assister.avery", PASSWORD).status_code == 302
        assert counted(other) == failures

    assert attempt(other.user_id, PASSWORD).status_code == 200
    assert OutboxMessage.objects.get(name="account_locked").to == other.email


def forged(number: int) -> dict[str, str]:
    """Headers in which a browser claims an address."""
    address = f"203.0.113.{number}"
    return {
        "HTTP_X_FORWARDED_FOR": f"{address}, 198.51.100.{number}",
        "HTTP_FORWARDED": f"for={address}",
        "HTTP_X_REAL_IP": address,
    }


def test_a_hundred_forged_addresses_are_one(settings: Any) -> None:
    settings.SIGN_IN_ADDRESS_LIMIT = 100
    user = cast.assister()
    for number in range(100):
        assert attempt(f"nobody.{number}", "wrong", **forged(number)).status_code == 200

    assert attempt(user.user_id, PASSWORD, **forged(200)).status_code == 429


def test_behind_a_proxy_only_what_the_proxy_saw_counts(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    settings.SIGN_IN_ADDRESS_LIMIT = 100
    user = cast.assister()
    for number in range(100):
        claimed = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}, 192.0.2.77"}
        assert attempt(f"nobody.{number}", "wrong", **claimed).status_code == 200

    refused = attempt(user.user_id, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.200, 192.0.2.77")
    assert refused.status_code == 429
    allowed = attempt(user.user_id, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.77, 192.0.2.78")
    assert allowed.status_code == 302


def test_one_account_is_locked_for_a_hundred_forged_addresses() -> None:
    user = cast.assister()
    for number in range(100):
        attempt(user.user_id, "wrong", **forged(number))

    assert attempt(user.user_id, PASSWORD, **forged(200)).status_code == 200
    assert OutboxMessage.objects.filter(name="account_locked").count() == 1


def test_the_longest_password_is_chosen_and_compared_to_its_last_character(
    registering: Registering,
) -> None:
    assert len(LONGEST) == 128
    registering.whole(password=LONGEST, confirm_password=LONGEST)
    registering.client.get(link_of(newest_mail("account_activation")), follow=True)
    user_id = User.objects.get().user_id

    for other in (LONGEST[:-1], LONGEST[1:], LONGEST.strip(), LONGEST[:72]):
        assert attempt(user_id, other).status_code == 200
    assert attempt(user_id, f"{LONGEST}x").status_code == 400
    ThrottleCounter.objects.all().delete()
    assert attempt(user_id, LONGEST).status_code == 302


@pytest.mark.parametrize("password", [f"{PASSWORD}\0", "x" * 129, "x" * 1_000_000])
def test_what_is_no_password_is_refused_in_less_than_200_ms(password: str) -> None:
    user = cast.assister()

    def quickest(typed: str, answer: int) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            assert attempt(user.user_id, typed).status_code == answer
            times.append(time.perf_counter() - started)
        return min(times)

    took = quickest(password, 400)
    # Or, where even a short wrong password takes long, not longer than three of those.
    assert took < 0.2 or took < 3 * quickest("wrong", 200), took
