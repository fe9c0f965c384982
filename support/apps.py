"""Registers the support room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """The help center and the auditor's log."""

    name = "support"
    verbose_name = _("Support")

    def ready(self) -> None:
        """Say what the log holds on a person."""
        from support import my_data

        my_data.register_all()
