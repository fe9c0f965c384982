"""Registers the accounts room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, their registration, their sign-in and their sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Say how security codes come into messages, and what the room holds on a person."""
        from accounts import emails_second_factor, my_data_sections

        emails_second_factor.register_makers()
        my_data_sections.register_all()
