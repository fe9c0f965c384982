"""Signing in with a passkey: after the password or alone, through the same doors as everybody."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

import clock
from accounts import half
from accounts.assurance import AAL, Strength
from accounts.audit_tags import Tag
from accounts.models import MFADevice, PortalSession, TermsAcceptance, ThrottleCounter, User
from accounts.services import device_changes
from accounts.services.throttle import Purpose
from audit.models import AuditEntry
from tests import cast
from tests.factories import accounts
from tests.factories.passkeys import SoftKey
from tests.integration.accounts.mfa_pages import add_passkey, options_on

pytestmark = pytest.mark.django_db

PAGE = "/login/passkey/"
REFUSED = "This passkey could not be used"


@pytest.fixture
def user() -> User:
    return accounts.accept_rules(cast.assister())


@pytest.fixture
def key(user: User) -> SoftKey:
    return add_passkey(user)


def _visitor(next_page: str = "") -> Client:
    """A browser that accepted the terms."""
    client = Client()
    client.post(reverse("accounts:terms"), {"decision": "accept", "next": next_page})
    return client


def _after_password(user: User) -> Client:
    """A browser in which this person's password was given."""
    client = _visitor()
    client.post(reverse("accounts:login"), {"user_id": user.user_id})
    client.post(reverse("accounts:password"), {"password": accounts.PASSWORD})
    return client


def _show(client: Client, key: SoftKey, **changes: Any) -> Any:
    options = options_on(client.get(PAGE))
    return client.post(PAGE, {"passkey": key.get(options, **changes)})


def test_a_passkey_alone_opens_a_strong_session(user: User, key: SoftKey) -> None:
    client = _visitor()
    before = client.cookies[settings.SESSION_COOKIE_NAME].value

    answer = _show(client, key)

    assert answer["Location"] == reverse("access_requests:welcome")
    session = PortalSession.objects.get(user=user, ended_at=None)
    device = MFADevice.objects.get(user=user)
    assert (session.strength, session.aal) == (Strength.STRONG, AAL.TWO_FACTORS)
    assert (session.device, session.factor) == (device, "passkey")
    assert session.verified_at is not None
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert TermsAcceptance.objects.filter(user=user, document="terms").exists()
    assert AuditEntry.objects.filter(tag=Tag.SIGN_IN, actor_id=user.pk).count() == 1
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert device.last_used_at is not None


def test_it_leads_where_the_person_wanted_to_go(user: User, key: SoftKey) -> None:
    answer = _show(_visitor("/catalog/?q=zone"), key)

    assert answer["Location"] == "/catalog/?q=zone"


def test_nobody_signs_in_before_the_terms(user: User, key: SoftKey) -> None:
    client = Client()

    answer = client.get(PAGE)
    posted = client.post(PAGE, {"passkey": "{}"})

    assert answer["Location"].startswith(reverse("accounts:terms"))
    assert posted["Location"].startswith(reverse("accounts:terms"))


def test_after_the_password_a_key_without_pin_will_do(user: User) -> None:
    key = add_passkey(user, SoftKey(verifies=False))
    client = _after_password(user)
    assert half.is_there(client.session)
    assert "Your password is right" in client.get(PAGE).content.decode()

    answer = _show(client, key)

    assert answer.status_code == 302
    session = PortalSession.objects.get(user=user, ended_at=None)
    assert session.strength == Strength.STRONG
    assert not half.is_there(client.session)


def test_alone_a_key_without_pin_opens_nothing(user: User) -> None:
    key = add_passkey(user, SoftKey(verifies=False))

    answer = _show(_visitor(), key)

    assert REFUSED in answer.content.decode()
    assert not PortalSession.objects.filter(user=user, ended_at=None).exists()


def test_the_passkey_of_another_person_does_not_complete_a_sign_in(
    user: User, key: SoftKey
) -> None:
    theirs = add_passkey(accounts.accept_rules(cast.stranger()), name="Theirs")
    client = _after_password(user)

    answer = _show(client, theirs)

    assert REFUSED in answer.content.decode()
    assert not PortalSession.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("changes", [{"signature": b"0" * 70}, {"origin": "https://evil.example"}])
def test_a_wrong_answer_is_refused_and_recorded(
    user: User, key: SoftKey, changes: dict[str, Any]
) -> None:
    answer = _show(_visitor(), key, **changes)

    assert answer.status_code == 200
    assert REFUSED in answer.content.decode()
    assert AuditEntry.objects.filter(tag=Tag.SECOND_FACTOR_FAILED, target_id=str(user.pk)).exists()


def test_an_unknown_key_is_told_the_same(user: User, key: SoftKey) -> None:
    client = _visitor()

    answer = _show(client, SoftKey())

    assert REFUSED in answer.content.decode()
    assert AuditEntry.objects.filter(tag=Tag.SIGN_IN_FAILED).count() == 1


def test_an_answer_is_good_once(user: User, key: SoftKey) -> None:
    client = _visitor()
    answer = key.get(options_on(client.get(PAGE)))
    client.post(PAGE, {"passkey": answer})
    other = _visitor()
    other.get(PAGE)

    again = other.post(PAGE, {"passkey": answer})

    assert REFUSED in again.content.decode()
    assert PortalSession.objects.filter(user=user, ended_at=None).count() == 1


def test_a_removed_passkey_opens_nothing(user: User, key: SoftKey) -> None:
    client = _visitor()
    answer = key.get(options_on(client.get(PAGE)))
    device = MFADevice.objects.get(user=user)
    device_changes.remove(user=user, device_id=device.pk, actor=user)

    assert REFUSED in client.post(PAGE, {"passkey": answer}).content.decode()


def test_a_closed_account_stays_closed(user: User, key: SoftKey) -> None:
    user.deactivate(at=clock.now(), reason="left")
    user.save()

    assert REFUSED in _show(_visitor(), key).content.decode()
    assert not PortalSession.objects.filter(user=user).exists()


def test_ten_wrong_answers_close_this_road_too(user: User, key: SoftKey) -> None:
    for _attempt in range(settings.MFA_FAILURE_LIMIT):
        _show(_visitor(), key, signature=b"0" * 70)

    assert REFUSED in _show(_visitor(), key).content.decode()
    assert REFUSED in _show(_after_password(user), key).content.decode()
    assert AuditEntry.objects.filter(tag=Tag.SECOND_FACTOR_LOCKED).count() == 1


def test_wrong_passwords_of_strangers_do_not_close_it(user: User, key: SoftKey) -> None:
    stranger = _visitor()
    stranger.post(reverse("accounts:login"), {"user_id": user.user_id})
    for _attempt in range(settings.SIGN_IN_FAILURE_LIMIT + 1):
        stranger.post(reverse("accounts:password"), {"password": "Wrong-Lantern-2026"})

    assert _show(_visitor(), key).status_code == 302


def test_one_address_does_not_try_for_ever(user: User, key: SoftKey, settings: Any) -> None:
    settings.SIGN_IN_ADDRESS_LIMIT = 2
    for _attempt in range(2):
        _show(_visitor(), SoftKey())

    answer = _show(_visitor(), key)

    assert answer.status_code == 429
    assert not PortalSession.objects.filter(user=user).exists()


def test_a_success_takes_nothing_from_the_address(user: User, key: SoftKey) -> None:
    _show(_visitor(), key)

    counters = ThrottleCounter.objects.filter(
        purpose__in=[Purpose.PASSWORD_ADDRESS, Purpose.SECOND_FACTOR], attempts__gt=0
    )
    assert not counters.exists()


def test_a_session_begun_by_the_passkey_replaces_the_one_before(user: User, key: SoftKey) -> None:
    client = cast.client_of(user)
    client.post(reverse("accounts:terms"), {"decision": "accept"})

    _show(client, key)

    ended = PortalSession.objects.get(user=user, ended_at__isnull=False)
    assert ended.end_reason == PortalSession.End.REPLACED


def test_without_a_secure_origin_there_is_no_such_page(user: User, settings: Any) -> None:
    settings.PASSKEYS_ENABLED = False

    assert _visitor().get(PAGE).status_code == 404


def test_the_first_page_of_the_sign_in_offers_it(settings: Any) -> None:
    client = _visitor()
    assert "Sign in with a passkey" in client.get(reverse("accounts:login")).content.decode()

    settings.PASSKEYS_ENABLED = False
    assert "passkey" not in client.get(reverse("accounts:login")).content.decode()
