"""Registers the portal itself and its administration site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The wiring of the rooms."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Register the start-up checks and what one room wants to hear of another."""
        from portal import checks, demo_codes, receivers  # noqa: F401 - registers them

        demo_codes.register()


class PortalAdminConfig(AdminConfig):
    """Django admin behind the portal's own sign-in."""

    default_site = "portal.admin_site.PortalAdminSite"
