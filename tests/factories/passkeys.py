"""A passkey made of software: answers a browser's questions like a key of somebody would."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


class SoftKey:
    """One key on one authenticator; every part of its answers can be made wrong."""

    def __init__(self, *, verifies: bool = True, counts: bool = True) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.verifies = verifies
        self.counts = counts
        self.count = 0

    def create(self, options: str, **changes: Any) -> str:
        """Answer ``navigator.credentials.create``."""
        numbers = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: _bytes(numbers.x), -3: _bytes(numbers.y)}
        credential = (
            bytes(16)
            + struct.pack(">H", len(self.credential_id))
            + self.credential_id
            + cbor2.dumps(cose)
        )
        data = self._authenticator_data(options, changes, _HAS_KEY) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": _text(_client_data("webauthn.create", options, changes)),
                "attestationObject": _text(attestation),
                "transports": ["internal"],
            }
        )

    def get(self, options: str, **changes: Any) -> str:
        """Answer ``navigator.credentials.get``; ``signature`` may replace the right one."""
        data = self._authenticator_data(options, changes, 0)
        client_data = _client_data("webauthn.get", options, changes)
        signed = data + hashlib.sha256(client_data).digest()
        signature = changes.get("signature") or self.private.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(client_data),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": None,
            }
        )

    def _authenticator_data(self, options: str, changes: dict[str, Any], flags: int) -> bytes:
        asked = json.loads(options)
        rp_id = changes.get("rp_id") or asked.get("rpId") or asked["rp"]["id"]
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        if self.counts:
            self.count += 1
        count = changes.get("count", self.count)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, count)

    def _answer(self, response: dict[str, Any]) -> str:
        key_id = _text(self.credential_id)
        return json.dumps(
            {
                "id": key_id,
                "rawId": key_id,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "clientExtensionResults": {},
                "response": response,
            }
        )


def _client_data(kind: str, options: str, changes: dict[str, Any]) -> bytes:
    challenge = changes.get("challenge") or json.loads(options)["challenge"]
    origin = changes.get("origin") or settings.PORTAL_ORIGIN
    data = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(data).encode()


def challenge_of(options: str) -> bytes:
    """The random bytes of a question."""
    return urlsafe_b64decode(json.loads(options)["challenge"] + "===")


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
