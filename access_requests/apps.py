"""Registers the room of requests, decisions and grants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessRequestsConfig(AppConfig):
    """Requests for access."""

    name = "access_requests"
    verbose_name = _("Requests and access")

    def ready(self) -> None:
        """Listen for changed accounts; say whose rules, data and needs of strength there are."""
        from access_requests import holdings, my_data, needs, receivers, rules
        from accounts import assurance
        from accounts.services import acknowledgements
        from accounts.signals import identity_withdrawn, user_deactivated
        from catalog import holders

        user_deactivated.connect(
            receivers.pass_on_work, dispatch_uid="access_requests.pass_on_work"
        )
        identity_withdrawn.connect(
            receivers.end_unproven_access, dispatch_uid="access_requests.end_unproven_access"
        )
        acknowledgements.register_source(rules.of_systems)
        assurance.register_need(needs.works_with_strong_factor)
        assurance.register_device_need(needs.holds_role_with_two_factors)
        holders.register(holdings.is_held)
        my_data.register_all()
