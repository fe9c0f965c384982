"""Says in plain words where an address belongs: its place, where a site has a map, or its kind.

``PLACE_OF_ADDRESS`` names a class of the site that knows places (docs/decisions/0025).
"""

import logging
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import text

logger = logging.getLogger(__name__)

# Written out: what Python calls private holds more, such as the ranges of documents.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
_SHARED = ip_network("100.64.0.0/10")
_LONGEST_PLACE = 80


class Places(Protocol):
    """What a site's own class does; it is made once a process, without arguments."""

    def place_of(self, address: str) -> str:
        """The place of an address of the internet, in a few words; "" when it is not known.

        Pages wait for it, so it looks into something at hand and asks no server.
        """


def describe(address: str | None) -> str:
    """The address and where it belongs, for example "192.0.2.7 (the internet)".

    "" without an address.
    """
    return f"{address} ({_place_of(address) or kind(address)})" if address else ""


def knows_places() -> bool:
    """Whether this installation has a map of addresses."""
    return bool(settings.PLACE_OF_ADDRESS)


def places() -> Places | None:
    """The map of this installation, or None. Raises ImproperlyConfigured when it is no such."""
    return _made(settings.PLACE_OF_ADDRESS) if knows_places() else None


@lru_cache(maxsize=4)
def _made(path: str) -> Places:
    try:
        found: Places = import_string(path)()
    except (ImportError, TypeError) as error:
        raise ImproperlyConfigured(f"PLACE_OF_ADDRESS names no class: {path}.") from error
    if not callable(getattr(found, "place_of", None)):
        raise ImproperlyConfigured(f"PLACE_OF_ADDRESS has no place_of(address): {path}.")
    return found


def _place_of(address: str) -> str:
    """What the map says; a fault in it costs the place and not the page."""
    found = places()
    if found is None or kind(address) != _("the internet"):
        return ""
    try:
        return text.clean(str(found.place_of(address) or ""))[:_LONGEST_PLACE]
    except Exception as error:  # noqa: BLE001 - code of the site, which may raise anything
        logger.warning("place_of_address_failed", extra={"error": type(error).__name__})
        return ""


def kind(address: str) -> str:
    """What kind of network it is. Raises ValueError for what is no address."""
    parsed = ip_address(address)
    if parsed.is_loopback:
        return _("the portal's own computer")
    if any(parsed in network for network in _PRIVATE if network.version == parsed.version):
        return _("a private network")
    if parsed.version == _SHARED.version and parsed in _SHARED:
        return _("a shared network of a provider")
    return _("the internet")
