"""Registers the room of requests, decisions and grants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessRequestsConfig(AppConfig):
    """Requests for access."""

    name = "access_requests"
    verbose_name = _("Requests and access")

    def ready(self) -> None:
        """Listen for closed accounts; say whose rules people accept and what is held on them."""
        from access_requests import my_data, receivers, rules
        from accounts.services import acknowledgements
        from accounts.signals import user_deactivated

        user_deactivated.connect(
            receivers.pass_on_work, dispatch_uid="access_requests.pass_on_work"
        )
        acknowledgements.register_source(rules.of_systems)
        my_data.register_all()
