"""Says in plain words what kind of network an address belongs to, without knowing places."""

from ipaddress import ip_address, ip_network

from django.utils.translation import gettext as _

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


def describe(address: str | None) -> str:
    """The address and its kind, for example "192.0.2.7 (the internet)"; "" without an address."""
    return f"{address} ({kind(address)})" if address else ""


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
