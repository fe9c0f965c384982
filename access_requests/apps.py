"""Registers the room of requests, decisions and grants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessRequestsConfig(AppConfig):
    """Requests for access."""

    name = "access_requests"
    verbose_name = _("Requests and access")

    def ready(self) -> None:
        """Listen for accounts that are switched off."""
        from access_requests import receivers
        from accounts.signals import user_deactivated

        user_deactivated.connect(
            receivers.pass_on_work, dispatch_uid="access_requests.pass_on_work"
        )
