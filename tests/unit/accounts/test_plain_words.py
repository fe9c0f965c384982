"""Browsers and networks in plain words, and as much of addresses and numbers as may be seen."""

from typing import Any

import pytest

from accounts import masks, networks, user_agents

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/126.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0",
            "Microsoft Edge on Windows",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) {_WEBKIT} Version/17.5 Safari/605.1.15",
            "Safari on Mac",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) {_WEBKIT} CriOS/126.0 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Firefox/127.0", "Firefox on Android"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {_WEBKIT} SamsungBrowser/25.0 Chrome/121.0",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126.0.0.0", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0)", "Internet Explorer on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "A browser on Linux"),
        ("Firefox/127.0", "Firefox"),
        ("curl/8.5.0", "A browser we do not know"),
        ("", "A browser we do not know"),
        ("<script>alert(1)</script>", "A browser we do not know"),
    ],
)
def test_browsers(user_agent: str, words: str) -> None:
    assert user_agents.describe(user_agent) == words


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "the portal's own computer"),
        ("::1", "the portal's own computer"),
        ("10.0.0.8", "a private network"),
        ("192.168.1.4", "a private network"),
        ("169.254.3.3", "a private network"),
        ("fd00::8", "a private network"),
        ("fe80::8", "a private network"),
        ("100.64.0.9", "a shared network of a provider"),
        ("198.51.100.7", "the internet"),
        ("203.0.113.9", "the internet"),
        ("8.8.8.8", "the internet"),
        ("2600::1", "the internet"),
    ],
)
def test_networks(address: str, kind: str) -> None:
    assert networks.describe(address) == f"{address} ({kind})"


class Atlas:
    """A map that knows one address, stumbles over another, and talks too much of a third."""

    def place_of(self, address: str) -> str:
        return {"8.8.8.8": "Baltimore", "2600::1": "x\u200b" * 200}[address]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", "Baltimore"),
        ("2600::1", "x" * 80),
        ("203.0.113.9", "the internet"),
        ("10.0.0.8", "a private network"),
        ("127.0.0.1", "the portal's own computer"),
    ],
)
def test_a_site_brings_a_map_of_the_internet(settings: Any, address: str, place: str) -> None:
    settings.PLACE_OF_ADDRESS = f"{__name__}.Atlas"

    assert networks.knows_places()
    assert networks.describe(address) == f"{address} ({place})"


@pytest.mark.parametrize("address", ["", None])
def test_without_an_address_there_is_nothing_to_say(address: str | None) -> None:
    assert networks.describe(address) == ""


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("rowan@people.example", "r****@people.example"),
        ("r@people.example", "r****@people.example"),
        ("a@b@people.example", "a****@people.example"),
    ],
)
def test_masked_addresses_do_not_even_tell_their_length(address: str, seen: str) -> None:
    assert masks.email(address) == seen


@pytest.mark.parametrize(
    ("number", "seen"),
    [("+14105550142", "(***) ***-0142"), ("", ""), ("+4930123456", "(***) ***-3456")],
)
def test_masked_numbers(number: str, seen: str) -> None:
    assert masks.phone(number) == seen
