"""Steps on the pages of Manage MFA Devices, shared by their tests."""

import base64
import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

import clock
from accounts.models import MFADevice, SecurityCode, User
from accounts.services import codes, devices, passkeys
from tests.factories.passkeys import SoftKey

_SECRET = re.compile(r'data-testid="secret">([A-Z2-7 ]+)<')
_OPTIONS = re.compile(r'data-options="([^"]+)"')


def begin(client: Client, kind: str, **fields: str) -> Any:
    """Describe a device and come to the page that wants a proof, or stay with an error."""
    return client.post(reverse("accounts:mfa_set_up", args=[kind]), fields, follow=True)


def code_of_app(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows now, or some steps of 30 seconds away from now."""
    totp = TOTP(base64.b32decode(secret.replace(" ", "")))
    totp.time = clock.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"


def secret_on(page: Any) -> str:
    """The secret that a page shows to be typed."""
    found = _SECRET.search(page.content.decode())
    assert found, page.content.decode()
    return found[1]


def options_on(page: Any) -> str:
    """What a page lets the browser ask a passkey."""
    found = _OPTIONS.search(page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def code_sent(user: User) -> str:
    """The newest code that was sent to a person."""
    newest = SecurityCode.objects.filter(user=user).latest("id")
    return codes.readable(newest)


def add_app(client: Client, name: str = "Red phone", kind: str = "app_phone") -> MFADevice:
    """Add an authenticator app on the pages."""
    page = begin(client, kind)
    address = page.redirect_chain[-1][0]
    answer = client.post(address, {"code": code_of_app(secret_on(page)), "name": name})
    assert answer.status_code == 302, answer.content.decode()
    device: MFADevice = MFADevice.objects.get(name=name)
    return device


def add_passkey(user: User, key: SoftKey | None = None, name: str = "Blue key") -> SoftKey:
    """Give a person a passkey, past the pages."""
    key = key or SoftKey()
    question = passkeys.ask_to_register(user=user)
    answer = key.create(question.options)
    credential = passkeys.register(user=user, state=question.state, answer=answer)
    devices.add_passkey(user=user, credential=credential, name=name)
    user.refresh_from_db()
    return key
