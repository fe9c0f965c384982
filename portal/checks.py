"""Refuses to run production with settings that are only right for the demo.

`check --deploy` reports all of it; `refuse_unsafe_start` stops a web, worker or beat process.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from accounts import networks
from accounts.models import User

DEMO_PEOPLE = (
    "assister.avery",
    "approver.external",
    "approver.cms",
    "owner.zone",
    "helpdesk.zone",
    "helpdesk.portal",
    "helpdesk2.portal",
    "so.harbor",
    "bso.harbor",
    "uga.harbor",
    "eu.harbor",
    "admin.portal",
    "auditor.portal",
)
SHORTEST_KEY = 32
KEYS = ("SECRET_KEY", "AUDIT_KEY", "ANSWER_PEPPER")
SIMULATED_BUREAU = "accounts.proofing.simulated.SimulatedBureau"


@register(Tags.security, deploy=True)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report every setting that production must not have."""
    return [Error(text, id=f"portal.E{number:03}") for number, text in _wrong_settings()]


def refuse_unsafe_start() -> None:
    """Stop a production process that has unsafe settings or demo people in its database.

    Raises ImproperlyConfigured, which names everything that is wrong.
    """
    if not settings.IS_PRODUCTION:
        return
    wrong = [text for _, text in _wrong_settings()]
    found = demo_people()
    connection.close()  # the web server forks after this, and a connection must not be shared
    if found:
        wrong.append(f"Demo people are in the database ({', '.join(found)}): remove them.")
    if wrong:
        raise ImproperlyConfigured(" ".join(wrong))


def demo_people() -> Sequence[str]:
    """Return the User IDs of the demo people in the database, one query."""
    people = User.objects.filter(user_id_key__in=DEMO_PEOPLE)
    return list(people.order_by("user_id_key").values_list("user_id_key", flat=True))


def _wrong_settings() -> list[tuple[int, str]]:
    wrong = []
    if settings.DEBUG:
        wrong.append((1, "DEBUG is on: error pages would show the inside of the portal."))
    if not settings.ALLOWED_HOSTS or "*" in "".join(settings.ALLOWED_HOSTS):
        wrong.append((2, "ALLOWED_HOSTS has to name each host, without a wildcard."))
    wrong += [
        (3, f"{name} has to have at least {SHORTEST_KEY} characters.")
        for name in KEYS
        if len(getattr(settings, name, "")) < SHORTEST_KEY
    ]
    if len({getattr(settings, name, "") for name in KEYS}) < len(KEYS):
        wrong.append((4, f"{', '.join(KEYS)} have to differ from each other."))
    if settings.CLOCK_OFFSET:
        wrong.append((5, "CLOCK_OFFSET_SECONDS moves the clock: only for training."))
    if settings.MAILBOX_ENABLED:
        wrong.append((6, "The mailbox page would show everybody's mail: set EMAIL_URL."))
    if not settings.PORTAL_ORIGIN.startswith("https://"):
        wrong.append((7, "PORTAL_ORIGIN has to begin with https://."))
    if settings.PROOFING_PROVIDER == SIMULATED_BUREAU and not settings.PROOFING_TRAINING:
        wrong.append(
            (8, "The proofing bureau is simulated: anybody can pass. Set PROOFING_PROVIDER.")
        )
    try:
        networks.places()
    except ImproperlyConfigured as error:
        wrong.append((9, str(error)))
    return wrong
