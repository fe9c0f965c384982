"""A month of signing in with one app wears off nothing of the other devices."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import MFADevice, PortalSession, SecurityCode, ThrottleCounter, User
from accounts.services import codes, second_factor
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.factories import devices
from tests.factories.devices import Kind
from tests.integration.accounts.second_step import halfway, is_signed_in, post

pytestmark = pytest.mark.django_db


def _sign_in(person: User, device_type: str, code: str) -> None:
    """Begin in a new browser, come in at the first try, and log out."""
    client = Client()
    halfway(client, person)
    post(client, device_type=device_type, security_code=code)
    assert is_signed_in(client)
    assert PortalSession.objects.latest("pk").factor == device_type
    client.post(reverse("accounts:logout"))


def _state(*others: MFADevice) -> list[Any]:
    """All that is kept of the other devices and of their codes, and what is counted at all."""
    return [
        *MFADevice.objects.filter(pk__in=[other.pk for other in others]).order_by("pk").values(),
        *SecurityCode.objects.order_by("pk").values(),
        *ThrottleCounter.objects.exclude(attempts=0).values(),
    ]


def test_thirty_days_with_an_app_throttle_no_other_device() -> None:
    with time_machine.travel("2026-03-02 13:00:00+00:00", tick=False) as traveller:
        person = cast.assister()
        app = devices.app(person)
        mailed = devices.device(person, Kind.EMAIL)
        paper, written = devices.recovery_codes(person)
        before = _state(mailed, paper)
        for _day in range(30):
            _sign_in(person, "app_phone", devices.code_of(app))
            assert _state(mailed, paper) == before
            traveller.shift(timedelta(days=1))

        client = Client()
        halfway(client, person)
        page = post(client, device_type="email", action="send")
        assert page.status_code == 302
        assert OutboxMessage.objects.get(name="security_code").to == person.email
        code = codes.readable(SecurityCode.objects.get(device=mailed))
        _sign_in(person, "email", code)
        _sign_in(person, "recovery", written[0])

    assert not AuditEntry.objects.filter(tag="session:second_factor_failed").exists()
    counter = second_factor.bucket(person)
    assert not ThrottleCounter.objects.filter(key_hash=counter.key_hash).exclude(attempts=0)
    assert PortalSession.objects.filter(user=person).count() == 32
