"""Says which addresses the portal never writes to, however they got into a mail.

The delivered catalog holds the addresses of real help desks. This is an emulation; they shall
never hear from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

BLOCKED = "This address belongs to a real organization; the portal never writes to it."

Rule = Callable[[str], bool]

REAL_ORGANIZATIONS = (
    "gov",
    "mil",
    "actionet.com",
    "cdps.org",
    "cgi.com",
    "cgsadmin.com",
    "cognosante.com",
    "cvpcorp.com",
    "dcca.com",
    "ehmedicare.com",
    "fcso.com",
    "gdit.com",
    "hcqis.org",
    "novitas-solutions.com",
    "palmettogba.com",
    "qssinc.com",
    "telligen.com",
    "telligen.org",
)
"""The default: domains of the help desks in the delivered catalog, and the government's own."""


def is_blocked(address: str) -> bool:
    """Whether ``settings.NOTIFICATIONS_BLOCKED_ADDRESSES`` bars this address.

    The setting is a function of one address, the dotted path of one, or a list of domains
    (``cgi.com`` bars its subdomains too, ``gov`` bars a whole top-level domain) and of full
    addresses.
    """
    rule = getattr(settings, "NOTIFICATIONS_BLOCKED_ADDRESSES", REAL_ORGANIZATIONS)
    if isinstance(rule, str):
        rule = import_string(rule)
    if callable(rule):
        return bool(rule(address))
    return _listed(address, tuple(rule))


def _listed(address: str, entries: tuple[str, ...]) -> bool:
    addresses, domains = _split(entries)
    address = address.strip().casefold()
    labels = address.rpartition("@")[2].rstrip(".").split(".")
    parents = (".".join(labels[start:]) for start in range(len(labels)))
    return address in addresses or not domains.isdisjoint(parents)


@lru_cache(maxsize=4)
def _split(entries: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    plain = [entry.strip().casefold().removeprefix("*.") for entry in entries]
    return (
        frozenset(entry for entry in plain if "@" in entry),
        frozenset(entry for entry in plain if "@" not in entry),
    )
