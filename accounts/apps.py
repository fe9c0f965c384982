"""Registers the accounts room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, their registration, their sign-in and their sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Say what the room holds on a person."""
        from accounts import my_data_sections

        my_data_sections.register_all()
