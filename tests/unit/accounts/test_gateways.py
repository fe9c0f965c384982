"""Texts and calls go to whoever the settings name, with the codes in them only then."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts import gateways
from notifications import links

ADDRESS = "twilio://AC123:to%2Fken@+14105550100"


class Carrier:
    """Stands for the carrier's library."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.account: tuple[str, str] = ("", "")
        self.error: Exception | None = None

    def client(self, account: str, token: str, *, http_client: Any) -> Any:
        self.account = account, token
        return SimpleNamespace(messages=self._kind("messages"), calls=self._kind("calls"))

    def _kind(self, kind: str) -> Any:
        def create(**what: Any) -> None:
            if self.error:
                raise self.error
            self.asked.append((kind, what))

        return SimpleNamespace(create=create)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The library, as far as the adapter uses it."""
    made = Carrier()
    parts: dict[str, dict[str, Any]] = {
        "twilio": {},
        "twilio.base": {},
        "twilio.http": {},
        "twilio.base.exceptions": {"TwilioException": type("TwilioException", (Exception,), {})},
        "twilio.http.http_client": {"TwilioHttpClient": lambda timeout: timeout},
        "twilio.rest": {"Client": made.client},
    }
    for name, content in parts.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(links._makers, "tests.code", lambda value: f"made-{value}")
    return made


@pytest.fixture(autouse=True)
def _fresh() -> None:
    gateways._made.cache_clear()


def test_a_text_goes_out_with_its_code(carrier: Carrier, settings: Any) -> None:
    settings.SMS_GATEWAY = ADDRESS
    gateways.get().send_text("+14105550177", f"Code {links.placeholder('tests.code', '1')}")
    assert carrier.account == ("AC123", "to/ken")
    assert carrier.asked == [
        (
            "messages",
            {"from_": "+14105550100", "to": "+14105550177", "body": "Code made-1"},
        )
    ]


@pytest.mark.parametrize(("extension", "dialled"), [("", None), ("204", "ww204")])
def test_a_call_dials_the_extension_and_speaks(
    carrier: Carrier, settings: Any, extension: str, dialled: str | None
) -> None:
    settings.SMS_GATEWAY = ADDRESS
    gateways.get().place_call("+14105550177", extension, "1 < 2")
    ((kind, what),) = carrier.asked
    assert kind == "calls"
    assert what.get("send_digits") == dialled
    assert "<Say>1 &lt; 2</Say>" in what["twiml"]


def test_a_carrier_that_is_away_is_told_as_such(carrier: Carrier, settings: Any) -> None:
    settings.SMS_GATEWAY = ADDRESS
    carrier.error = OSError("unreachable")
    with pytest.raises(gateways.NotDeliveredError):
        gateways.get().send_text("+14105550177", "words")


@pytest.mark.parametrize("address", ["twilio://AC123@+1410", "twilio://", "carrier://a:b@c"])
def test_an_address_that_names_no_carrier_is_refused(settings: Any, address: str) -> None:
    settings.SMS_GATEWAY = address
    with pytest.raises(ImproperlyConfigured):
        gateways.get()


def test_without_carrier_and_mailbox_there_is_no_gateway(settings: Any) -> None:
    settings.SMS_GATEWAY, settings.MAILBOX_ENABLED = "", False
    assert not gateways.are_available()
    with pytest.raises(ImproperlyConfigured):
        gateways.get()
    settings.MAILBOX_ENABLED = True
    assert gateways.are_available()
    assert isinstance(gateways.get(), gateways.MailboxGateway)
