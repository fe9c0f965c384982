"""Registers the support room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """The help center, the help desk console and the auditor's log."""

    name = "support"
    verbose_name = _("Support")

    def ready(self) -> None:
        """Tell the rooms below: whose work is sensitive, how codes are made, what is held."""
        from accounts.assurance import register_need
        from support import desks, emails_helpdesk, my_data

        register_need(desks.is_agent)
        emails_helpdesk.register_makers()
        my_data.register_all()
